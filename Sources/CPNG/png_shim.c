#include "png_shim.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

// libpng calls fail() instead of returning, and fail() jumps to the setjmp of the function that
// drives it. Those functions change no local variable after setjmp that is read after the jump,
// and own no memory: what they allocate hangs on png, info or the sink.

enum {
  cached_chunks = 64,             // libpng's default is 1000
  chunk_memory = 1024 * 1024,     // bytes; libpng's default is 8 MB
  first_capacity = 64 * 1024,     // bytes of a new sink
};

typedef struct {
  const uint8_t *bytes;
  size_t size;
  size_t position;
} source;

typedef struct {
  uint8_t *bytes;
  size_t size;
  size_t capacity;
} sink;

static void describe(png_shim_failure *failure, const char *message) {
  size_t length = strlen(message);
  if (length > failure->message_size - 1) length = failure->message_size - 1;
  memcpy(failure->message, message, length);
  failure->message[length] = 0;
}

static void fail(png_structp png, png_const_charp message) {
  describe(png_get_error_ptr(png), message);
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

// MARK: Reading

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->size - from->position) {
    from->position = from->size;
    png_error(png, "the file ends early");
  }
  memcpy(destination, from->bytes + from->position, count);
  from->position += count;
}

static uint32_t decoded_channels(png_structp png, png_infop info) {
  int type = png_get_color_type(png, info);
  if ((type & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS)) return 4;
  return (type & PNG_COLOR_MASK_COLOR) ? 3 : 1;
}

static bool read_header(png_structp png, png_infop info, source *from, uint32_t side_limit) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_read_fn(png, from, read_bytes);
  png_set_user_limits(png, side_limit, side_limit);
  png_set_chunk_cache_max(png, cached_chunks);
  png_set_chunk_malloc_max(png, chunk_memory);
  png_set_benign_errors(png, 0);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Every chunk that does not change the pixels is skipped.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
  return true;
}

static bool read_pixels(png_structp png, png_infop info, uint8_t *pixels, size_t pixels_size) {
  if (setjmp(png_jmpbuf(png))) return false;
  uint32_t channels = decoded_channels(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  if (channels == 4) {
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);

  size_t width = png_get_image_width(png, info);
  size_t height = png_get_image_height(png, info);
  size_t row_size = width * channels;  // cannot overflow: both sides are at most side_limit
  if (png_get_rowbytes(png, info) != row_size || height * row_size != pixels_size) {
    png_error(png, "the rows do not have the size the header promises");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) {
      png_read_row(png, pixels + y * row_size, NULL);
    }
  }
  png_read_end(png, NULL);
  return true;
}

// Runs one reading of the file: the header, and the pixels where there is a place for them.
static bool read_file(source from, uint32_t side_limit, png_shim_header *header, uint8_t *pixels,
                      size_t pixels_size, png_shim_failure *failure) {
  png_structp png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, failure, fail, ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    describe(failure, "libpng could not start: out of memory, or not the version built against");
    png_destroy_read_struct(&png, NULL, NULL);
    return false;
  }
  bool done = read_header(png, info, &from, side_limit);
  if (done && header) {
    header->width = png_get_image_width(png, info);
    header->height = png_get_image_height(png, info);
    header->channels = decoded_channels(png, info);
  }
  if (done && pixels) done = read_pixels(png, info, pixels, pixels_size);
  failure->position = from.position;
  png_destroy_read_struct(&png, &info, NULL);
  return done;
}

bool png_shim_read_header(const uint8_t *bytes, size_t size, uint32_t side_limit,
                          png_shim_header *header, png_shim_failure *failure) {
  return read_file((source){bytes, size, 0}, side_limit, header, NULL, 0, failure);
}

bool png_shim_decode(const uint8_t *bytes, size_t size, uint32_t side_limit, uint8_t *pixels,
                     size_t pixels_size, png_shim_failure *failure) {
  return read_file((source){bytes, size, 0}, side_limit, NULL, pixels, pixels_size, failure);
}

// MARK: Writing

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  sink *to = png_get_io_ptr(png);
  if (count > to->capacity - to->size) {
    size_t capacity = to->capacity ? to->capacity : first_capacity;
    while (capacity - to->size < count) capacity *= 2;
    uint8_t *grown = realloc(to->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    to->bytes = grown;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->size, bytes, count);
  to->size += count;
}

static void flush_nothing(png_structp png) { (void)png; }

static bool write_pixels(png_structp png, png_infop info, const uint8_t *pixels,
                         png_shim_header header, int level, sink *to) {
  if (setjmp(png_jmpbuf(png))) return false;
  int type = header.channels == 1   ? PNG_COLOR_TYPE_GRAY
             : header.channels == 3 ? PNG_COLOR_TYPE_RGB
                                    : PNG_COLOR_TYPE_RGB_ALPHA;
  png_set_write_fn(png, to, write_bytes, flush_nothing);
  png_set_compression_level(png, level);
  // libpng picks the filter of each row by its smallest sum of differences: a fixed rule.
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_ALL_FILTERS);
  png_set_IHDR(png, info, header.width, header.height, 8, type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  size_t row_size = (size_t)header.width * header.channels;
  for (size_t y = 0; y < header.height; y++) {
    png_write_row(png, pixels + y * row_size);
  }
  png_write_end(png, NULL);
  return true;
}

bool png_shim_encode(const uint8_t *pixels, size_t pixels_size, png_shim_header header, int level,
                     uint8_t **file, size_t *file_size, png_shim_failure *failure) {
  failure->position = 0;
  if ((size_t)header.width * header.height * header.channels != pixels_size) {
    describe(failure, "the pixels do not have the size the header promises");
    return false;
  }
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, failure, fail, ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    describe(failure, "libpng could not start: out of memory, or not the version built against");
    png_destroy_write_struct(&png, NULL);
    return false;
  }
  sink to = {NULL, 0, 0};
  bool done = write_pixels(png, info, pixels, header, level, &to);
  png_destroy_write_struct(&png, &info);
  if (!done) {
    free(to.bytes);
    return false;
  }
  *file = to.bytes;
  *file_size = to.size;
  return true;
}

const char *png_shim_version(void) { return png_get_libpng_ver(NULL); }
