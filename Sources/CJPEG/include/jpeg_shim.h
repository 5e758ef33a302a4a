// JPEG in memory by libjpeg. Every pointer comes with its size, libjpeg's error exit never leaves
// the shim, and a failed call owns nothing. Rows are interleaved, top to bottom, without padding.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Where and why a call failed.
typedef struct {
  char *message;         // the caller's buffer; zero-terminated on failure
  size_t message_size;   // its size, at least 1
  size_t position;       // bytes of the file consumed before the failure
} jpeg_shim_failure;

// How the file stores its colours.
typedef enum {
  jpeg_shim_grey,
  jpeg_shim_rgb,    // RGB or YCbCr: decoded to RGB
  jpeg_shim_other,  // CMYK and the like: not decoded
} jpeg_shim_colours;

typedef struct {
  uint32_t width, height;
  jpeg_shim_colours colours;
  bool arithmetic_coding;
} jpeg_shim_header;

// Reads the markers before the first scan.
bool jpeg_shim_read_header(const uint8_t *bytes, size_t size, jpeg_shim_header *header,
                           jpeg_shim_failure *failure);

// Decodes a grey or RGB file into pixels, whose size must be width * height * channels.
bool jpeg_shim_decode(const uint8_t *bytes, size_t size, uint8_t *pixels, size_t pixels_size,
                      jpeg_shim_failure *failure);

// Encodes grey (1 channel) or RGB (3) pixels without chroma subsampling, quality in 1...100.
// On success *file is the caller's to free().
bool jpeg_shim_encode(const uint8_t *pixels, size_t pixels_size, uint32_t width, uint32_t height,
                      uint32_t channels, int quality, uint8_t **file, size_t *file_size,
                      jpeg_shim_failure *failure);

// The version of libjpeg that this was built with.
const char *jpeg_shim_version(void);
