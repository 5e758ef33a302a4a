#include "jpeg_shim.h"

// jpeglib.h needs FILE and size_t from here.
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// libjpeg calls fail() instead of returning, and fail() jumps to the setjmp of the function that
// drives it. Those functions have no local variable that is read after the jump, and own no
// memory: what they allocate hangs on the codec or the sink, which belong to their callers.

enum {
  most_scans = 100,            // a progressive file pays a pass over the image for each scan
  most_scanned = 1 << 30,      // pixels of all scans together
  most_coefficients = 200 << 20,  // bytes; only progressive files keep them
  most_warnings = 100,         // each is a place where the data were damaged and patched over
  first_capacity = 64 * 1024,  // bytes of a new sink
};

typedef struct {
  struct jpeg_error_mgr manager;  // first: libjpeg hands back a pointer to it
  jmp_buf exit;
  jpeg_shim_failure *failure;
} error_exit;

static void describe(jpeg_shim_failure *failure, const char *message) {
  size_t length = strlen(message);
  if (length > failure->message_size - 1) length = failure->message_size - 1;
  memcpy(failure->message, message, length);
  failure->message[length] = 0;
}

_Noreturn static void fail_with(j_common_ptr codec, const char *message) {
  error_exit *error = (error_exit *)codec->err;
  describe(error->failure, message);
  longjmp(error->exit, 1);
}

static void fail(j_common_ptr codec) {
  if (codec->err->msg_code == JERR_NO_BACKING_STORE) {
    fail_with(codec, "it is progressive and takes too much memory");
  }
  char message[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, message);
  fail_with(codec, message);
}

static void count_warning(j_common_ptr codec, int level) {
  if (level < 0 && ++codec->err->num_warnings > most_warnings) {
    fail_with(codec, "the compressed data are damaged in more than 100 places");
  }
}

static void ignore_message(j_common_ptr codec) { (void)codec; }

static struct jpeg_error_mgr *prepare(error_exit *error, jpeg_shim_failure *failure) {
  jpeg_std_error(&error->manager);
  error->manager.error_exit = fail;
  error->manager.emit_message = count_warning;
  error->manager.output_message = ignore_message;
  error->failure = failure;
  failure->position = 0;
  return &error->manager;
}

// MARK: Reading

static void source_ready(j_decompress_ptr codec) { (void)codec; }

static boolean source_ended(j_decompress_ptr codec) {
  fail_with((j_common_ptr)codec, "the file ends early");
}

static void source_skip(j_decompress_ptr codec, long count) {
  if (count <= 0) return;
  if ((size_t)count > codec->src->bytes_in_buffer) source_ended(codec);
  codec->src->next_input_byte += count;
  codec->src->bytes_in_buffer -= (size_t)count;
}

static void limit_scans(j_common_ptr codec) {
  j_decompress_ptr image = (j_decompress_ptr)codec;
  if (image->input_scan_number > most_scans) fail_with(codec, "it has more than 100 scans");
  uint64_t pixels = (uint64_t)image->image_width * image->image_height;
  if (image->input_scan_number > 16 && image->input_scan_number * pixels > most_scanned) {
    fail_with(codec, "it has too many scans for its size");
  }
}

static void read_header(j_decompress_ptr codec, jpeg_shim_header *header) {
  jpeg_read_header(codec, TRUE);
  header->width = codec->image_width;
  header->height = codec->image_height;
  header->arithmetic_coding = codec->arith_code;
  switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE: header->colours = jpeg_shim_grey; break;
    case JCS_RGB:
    case JCS_YCbCr: header->colours = jpeg_shim_rgb; break;
    default: header->colours = jpeg_shim_other; break;
  }
}

static void read_pixels(j_decompress_ptr codec, jpeg_shim_colours colours, uint8_t *pixels,
                        size_t pixels_size) {
  if (colours == jpeg_shim_other) fail_with((j_common_ptr)codec, "it is neither grey nor RGB");
  codec->out_color_space = colours == jpeg_shim_grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(codec);
  size_t row_size = (size_t)codec->output_width * (size_t)codec->output_components;
  if (row_size * codec->output_height != pixels_size) {
    fail_with((j_common_ptr)codec, "the rows do not have the size the header promises");
  }
  while (codec->output_scanline < codec->output_height) {
    JSAMPROW row = pixels + codec->output_scanline * row_size;
    jpeg_read_scanlines(codec, &row, 1);
  }
  jpeg_finish_decompress(codec);
}

static bool decode(j_decompress_ptr codec, error_exit *error, struct jpeg_source_mgr *source,
                   struct jpeg_progress_mgr *progress, jpeg_shim_header *header, uint8_t *pixels,
                   size_t pixels_size) {
  if (setjmp(error->exit)) return false;
  jpeg_create_decompress(codec);
  codec->mem->max_memory_to_use = most_coefficients;
  codec->src = source;
  codec->progress = progress;
  read_header(codec, header);
  if (pixels) read_pixels(codec, header->colours, pixels, pixels_size);
  return true;
}

// Runs one reading of the file: the header, and the pixels where there is a place for them.
static bool read_file(const uint8_t *bytes, size_t size, jpeg_shim_header *header, uint8_t *pixels,
                      size_t pixels_size, jpeg_shim_failure *failure) {
  struct jpeg_source_mgr source = {
      .next_input_byte = bytes,
      .bytes_in_buffer = size,
      .init_source = source_ready,
      .fill_input_buffer = source_ended,
      .skip_input_data = source_skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = source_ready,
  };
  struct jpeg_progress_mgr progress = {.progress_monitor = limit_scans};
  struct jpeg_decompress_struct codec = {0};
  error_exit error;
  codec.err = prepare(&error, failure);
  bool done = decode(&codec, &error, &source, &progress, header, pixels, pixels_size);
  failure->position = size - source.bytes_in_buffer;
  jpeg_destroy_decompress(&codec);
  return done;
}

bool jpeg_shim_read_header(const uint8_t *bytes, size_t size, jpeg_shim_header *header,
                           jpeg_shim_failure *failure) {
  return read_file(bytes, size, header, NULL, 0, failure);
}

bool jpeg_shim_decode(const uint8_t *bytes, size_t size, uint8_t *pixels, size_t pixels_size,
                      jpeg_shim_failure *failure) {
  jpeg_shim_header header;
  return read_file(bytes, size, &header, pixels, pixels_size, failure);
}

// MARK: Writing

// Where the encoder's bytes go; grows as they come.
typedef struct {
  struct jpeg_destination_mgr manager;  // first: libjpeg hands back a pointer to it
  uint8_t *bytes;
  size_t capacity;
} sink;

static void sink_reserve(j_compress_ptr codec, size_t capacity) {
  sink *to = (sink *)codec->dest;
  uint8_t *grown = realloc(to->bytes, capacity);
  if (!grown) fail_with((j_common_ptr)codec, "out of memory");
  to->manager.next_output_byte = grown + to->capacity;
  to->manager.free_in_buffer = capacity - to->capacity;
  to->bytes = grown;
  to->capacity = capacity;
}

static void sink_start(j_compress_ptr codec) { sink_reserve(codec, first_capacity); }

static boolean sink_full(j_compress_ptr codec) {
  // Called when every byte is taken; free_in_buffer is not up to date then.
  sink_reserve(codec, 2 * ((sink *)codec->dest)->capacity);
  return TRUE;
}

static void sink_done(j_compress_ptr codec) { (void)codec; }

static bool encode(j_compress_ptr codec, error_exit *error, sink *to, const uint8_t *pixels,
                   uint32_t width, uint32_t height, uint32_t channels, int quality) {
  if (setjmp(error->exit)) return false;
  jpeg_create_compress(codec);
  codec->dest = &to->manager;
  codec->image_width = width;
  codec->image_height = height;
  codec->input_components = (int)channels;
  codec->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(codec);
  jpeg_set_quality(codec, quality, TRUE);
  codec->comp_info[0].h_samp_factor = 1;
  codec->comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(codec, TRUE);
  size_t row_size = (size_t)width * channels;
  while (codec->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + codec->next_scanline * row_size);
    jpeg_write_scanlines(codec, &row, 1);
  }
  jpeg_finish_compress(codec);
  return true;
}

bool jpeg_shim_encode(const uint8_t *pixels, size_t pixels_size, uint32_t width, uint32_t height,
                      uint32_t channels, int quality, uint8_t **file, size_t *file_size,
                      jpeg_shim_failure *failure) {
  struct jpeg_compress_struct codec = {0};
  error_exit error;
  codec.err = prepare(&error, failure);
  if ((size_t)width * height * channels != pixels_size) {
    describe(failure, "the pixels do not have the size the header promises");
    return false;
  }
  sink to = {
      .manager = {
          .init_destination = sink_start,
          .empty_output_buffer = sink_full,
          .term_destination = sink_done,
      },
  };
  bool done = encode(&codec, &error, &to, pixels, width, height, channels, quality);
  jpeg_destroy_compress(&codec);
  if (!done) {
    free(to.bytes);
    return false;
  }
  *file = to.bytes;
  *file_size = to.capacity - to.manager.free_in_buffer;
  return true;
}

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

const char *jpeg_shim_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return "libjpeg-turbo " TEXT(LIBJPEG_TURBO_VERSION);
#else
  return "libjpeg " TEXT(JPEG_LIB_VERSION);
#endif
}
