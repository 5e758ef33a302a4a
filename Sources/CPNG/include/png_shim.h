// PNG in memory by libpng. Every pointer comes with its size, libpng's longjmp never leaves the
// shim, and a failed call owns nothing. Rows are interleaved, top to bottom, without padding.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Where and why a call failed.
typedef struct {
  char *message;         // the caller's buffer; zero-terminated on failure
  size_t message_size;   // its size, at least 1
  size_t position;       // bytes of the file consumed before the failure
} png_shim_failure;

// Decoded samples are 8 bits wide: channels is 1 (grey), 3 (RGB) or 4 (RGBA).
typedef struct {
  uint32_t width, height, channels;
} png_shim_header;

// Reads the chunks before the pixels. Images wider or higher than side_limit fail.
bool png_shim_read_header(const uint8_t *bytes, size_t size, uint32_t side_limit,
                          png_shim_header *header, png_shim_failure *failure);

// Decodes into pixels, whose size must be width * height * channels of the header.
bool png_shim_decode(const uint8_t *bytes, size_t size, uint32_t side_limit, uint8_t *pixels,
                     size_t pixels_size, png_shim_failure *failure);

// Encodes with the given zlib level. On success *file is the caller's to free().
bool png_shim_encode(const uint8_t *pixels, size_t pixels_size, png_shim_header header, int level,
                     uint8_t **file, size_t *file_size, png_shim_failure *failure);

// The version of libpng, as it says itself.
const char *png_shim_version(void);
