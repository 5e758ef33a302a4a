// Weights of feature networks that come with the program.
#ifndef FEATURE_WEIGHTS_H
#define FEATURE_WEIGHTS_H

#include <stddef.h>

/// The small network's weights: a safetensors file of `count` bytes, which lie there for good.
const unsigned char *feature_weights_small(size_t *count);

#endif
