#include "feature_weights.h"

// scripts/train-features makes the file. #embed puts it into the program, so that no file has to be found
// at run time. It is of C23, which the other C targets do not need.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char small[] = {
#embed "small.safetensors"
};

const unsigned char *feature_weights_small(size_t *count) {
  *count = sizeof small;
  return small;
}
