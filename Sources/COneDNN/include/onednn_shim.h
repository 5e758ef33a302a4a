/// Convolutions by oneDNN (2.6 or later, including 3.x), in plain layouts.
///
/// A plan is one pass of one convolution. It holds what every run needs, once per worker, so
/// that several threads may run one plan at the same time, each with a worker number of its own,
/// and a run allocates no buffers. oneDNN's own threads are not used, so the results do not
/// depend on how many threads there are.
#pragma once

/// Images are [batch, channels, height, width] and weights
/// [out_channels, in_channels / groups, kernel_height, kernel_width], in float and contiguous.
/// Extents, strides, dilations and groups are 1 or more (a dilation of 1 is none), paddings 0 or
/// more, and out is 1 + (in + both paddings - (kernel - 1) * dilation - 1) / stride.
typedef struct {
  long batch, in_channels, in_height, in_width;
  long out_channels, out_height, out_width;
  long kernel_height, kernel_width;
  long stride_h, stride_w;
  long pad_top, pad_left, pad_bottom, pad_right;
  long dilation_h, dilation_w;
  long groups;
} onednn_convolution;

enum onednn_pass : int {
  /// Image and weights to output.
  ONEDNN_FORWARD,
  /// Weights and the output's cotangent to the image's cotangent.
  ONEDNN_BACKWARD_DATA,
  /// Image and the output's cotangent to the weights' cotangent.
  ONEDNN_BACKWARD_WEIGHTS,
};

enum onednn_algorithm : int {
  /// Winograd where it was measured to be the faster one, else direct.
  ONEDNN_AUTO,
  ONEDNN_DIRECT,
  /// F(4x4, 3x3) (Lavin and Gray, 2016), for kernels of 3x3 with stride 1. Errors are about ten
  /// times those of the direct algorithm. Only oneDNN 2.x on AVX-512 has it.
  ONEDNN_WINOGRAD,
};

typedef struct onednn_plan onednn_plan;

/// A plan for `workers` (1 or more) threads. NULL if oneDNN does not support it or memory is
/// short.
onednn_plan *onednn_plan_create(
  int pass, const onednn_convolution *convolution, int algorithm, int workers);

/// Frees a plan that nothing runs. NULL is allowed.
void onednn_plan_destroy(onednn_plan *plan);

/// Computes y from a and b, in the order of `onednn_pass`, on the calling thread. No two threads
/// may use the same worker number (0..<workers) of a plan at the same time. 0 on success.
int onednn_plan_run(onednn_plan *plan, int worker, const float *a, const float *b, float *y);

/// Makes oneDNN compute on the calling thread alone. To be called once on each thread that runs
/// plans: the OpenMP build would else use threads of its own.
void onednn_use_one_thread(void);

/// oneDNN's name of the kernel the plan uses, such as "jit:avx512_core".
const char *onednn_plan_implementation(const onednn_plan *plan);

/// oneDNN's version, such as "2.6.3".
const char *onednn_version_text(void);
