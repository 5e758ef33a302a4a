/// A plan is a primitive in the layouts oneDNN likes best, and the reorders from and to plain
/// layouts around it. Scratchpads and packed operands belong to the workers.
#define _GNU_SOURCE
#include "onednn_shim.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// What differs between oneDNN 2 and 3: memory descriptors were values and became handles, and
/// operation descriptors went away.
#if DNNL_VERSION_MAJOR >= 3

typedef const_dnnl_memory_desc_t layout_view;

static layout_view view(const dnnl_memory_desc_t *layout) { return *layout; }

static int create_layout(
  dnnl_memory_desc_t *layout, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(layout, rank, dims, dnnl_f32, tag) == dnnl_success;
}

static void destroy_layout(dnnl_memory_desc_t *layout) {
  if (*layout) dnnl_memory_desc_destroy(*layout);
}

#else

typedef const dnnl_memory_desc_t *layout_view;

static layout_view view(const dnnl_memory_desc_t *layout) { return layout; }

static int create_layout(
  dnnl_memory_desc_t *layout, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(layout, rank, dims, dnnl_f32, tag) == dnnl_success;
}

static void destroy_layout(dnnl_memory_desc_t *layout) { (void)layout; }

#endif

/// The three arrays of a convolution. Cotangents have their array's layout.
enum { IMAGE, WEIGHTS, OUTPUT, ARRAYS };

/// Which arrays a pass takes as a and b and gives as y.
static const int operands_of_pass[3][3] = {
  [ONEDNN_FORWARD] = {IMAGE, WEIGHTS, OUTPUT},
  [ONEDNN_BACKWARD_DATA] = {WEIGHTS, OUTPUT, IMAGE},
  [ONEDNN_BACKWARD_WEIGHTS] = {IMAGE, OUTPUT, WEIGHTS},
};

/// What oneDNN calls an array of a pass, in arguments and in queries.
typedef struct {
  int argument;
  dnnl_query_t query;
} role;

static const role role_of_array[3][ARRAYS] = {
  [ONEDNN_FORWARD] = {
    [IMAGE] = {DNNL_ARG_SRC, dnnl_query_src_md},
    [WEIGHTS] = {DNNL_ARG_WEIGHTS, dnnl_query_weights_md},
    [OUTPUT] = {DNNL_ARG_DST, dnnl_query_dst_md}},
  [ONEDNN_BACKWARD_DATA] = {
    [IMAGE] = {DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md},
    [WEIGHTS] = {DNNL_ARG_WEIGHTS, dnnl_query_weights_md},
    [OUTPUT] = {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md}},
  [ONEDNN_BACKWARD_WEIGHTS] = {
    [IMAGE] = {DNNL_ARG_SRC, dnnl_query_src_md},
    [WEIGHTS] = {DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md},
    [OUTPUT] = {DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md}},
};

/// A primitive and the size of its scratchpad in bytes.
typedef struct {
  dnnl_primitive_t primitive;
  size_t scratchpad_size;
} step;

/// What one thread needs to run a plan. Operand k is a, b or y.
typedef struct {
  dnnl_stream_t stream;
  dnnl_memory_t plain[3];
  /// The operand in the layout the convolution wants; the plain one where that is the same.
  dnnl_memory_t packed[3];
  dnnl_memory_t convolution_scratchpad, reorder_scratchpad[3];
  void *packed_buffer[3], *scratchpad_buffer;
} worker_state;

struct onednn_plan {
  int pass, workers;
  dnnl_engine_t engine;
  step convolution;
  /// From plain to packed for a and b, back for y; without a primitive where they are the same.
  step reorder[3];
  worker_state *worker;
  char implementation[64];
};

// MARK: - One thread

/// Sets how many threads OpenMP uses for work of the calling thread, and returns the former
/// number. If oneDNN was built with OpenMP, its runtime has been loaded; if not, nothing happens.
static int exchange_thread_count(int count) {
  int (*get)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (!get || !set) return count;
  const int previous = get();
  set(count);
  return previous;
}

void onednn_use_one_thread(void) { exchange_thread_count(1); }

// MARK: - Primitives

static dnnl_primitive_attr_t create_attributes(void) {
  dnnl_primitive_attr_t attributes = NULL;
  if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
  if (dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
      != dnnl_success) {
    dnnl_primitive_attr_destroy(attributes);
    return NULL;
  }
  return attributes;
}

static int create_step(step *result, const_dnnl_primitive_desc_t description) {
  layout_view scratchpad = dnnl_primitive_desc_query_md(
    description, dnnl_query_scratchpad_md, 0);
  result->scratchpad_size = dnnl_memory_desc_get_size(scratchpad);
  return dnnl_primitive_create(&result->primitive, description) == dnnl_success;
}

typedef struct {
  dnnl_memory_desc_t array[ARRAYS];
} layouts;

static int create_layouts(layouts *result, const onednn_convolution *c, int any) {
  const int grouped = c->groups > 1;
  const dnnl_dims_t image = {c->batch, c->in_channels, c->in_height, c->in_width};
  const dnnl_dims_t output = {c->batch, c->out_channels, c->out_height, c->out_width};
  const dnnl_dims_t weights = {
    c->out_channels, c->in_channels / c->groups, c->kernel_height, c->kernel_width};
  const dnnl_dims_t grouped_weights = {
    c->groups, c->out_channels / c->groups, c->in_channels / c->groups, c->kernel_height,
    c->kernel_width};
  const dnnl_format_tag_t images = any ? dnnl_format_tag_any : dnnl_nchw;
  const dnnl_format_tag_t kernels = any ? dnnl_format_tag_any : grouped ? dnnl_goihw : dnnl_oihw;
  return create_layout(&result->array[IMAGE], 4, image, images)
         && create_layout(&result->array[OUTPUT], 4, output, images)
         && create_layout(
           &result->array[WEIGHTS], grouped ? 5 : 4, grouped ? grouped_weights : weights, kernels);
}

static void destroy_layouts(layouts *l) {
  for (int k = 0; k < ARRAYS; k++) destroy_layout(&l->array[k]);
}

static dnnl_primitive_desc_t describe_pass(
  int pass, const onednn_convolution *c, dnnl_alg_kind_t algorithm, const layouts *l,
  dnnl_engine_t engine, dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
  layout_view image = view(&l->array[IMAGE]), weights = view(&l->array[WEIGHTS]),
              output = view(&l->array[OUTPUT]);
  const dnnl_dims_t strides = {c->stride_h, c->stride_w};
  const dnnl_dims_t dilations = {c->dilation_h - 1, c->dilation_w - 1};
  const dnnl_dims_t before = {c->pad_top, c->pad_left}, after = {c->pad_bottom, c->pad_right};
  dnnl_primitive_desc_t description = NULL;
#if DNNL_VERSION_MAJOR >= 3
  switch (pass) {
  case ONEDNN_FORWARD:
    dnnl_convolution_forward_primitive_desc_create(
      &description, engine, dnnl_forward_training, algorithm, image, weights, NULL, output,
      strides, dilations, before, after, attributes);
    break;
  case ONEDNN_BACKWARD_DATA:
    dnnl_convolution_backward_data_primitive_desc_create(
      &description, engine, algorithm, image, weights, output, strides, dilations, before, after,
      forward, attributes);
    break;
  case ONEDNN_BACKWARD_WEIGHTS:
    dnnl_convolution_backward_weights_primitive_desc_create(
      &description, engine, algorithm, image, weights, NULL, output, strides, dilations, before,
      after, forward, attributes);
    break;
  }
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_invalid_arguments;
  switch (pass) {
  case ONEDNN_FORWARD:
    status = dnnl_dilated_convolution_forward_desc_init(
      &operation, dnnl_forward_training, algorithm, image, weights, NULL, output, strides,
      dilations, before, after);
    break;
  case ONEDNN_BACKWARD_DATA:
    status = dnnl_dilated_convolution_backward_data_desc_init(
      &operation, algorithm, image, weights, output, strides, dilations, before, after);
    break;
  case ONEDNN_BACKWARD_WEIGHTS:
    status = dnnl_dilated_convolution_backward_weights_desc_init(
      &operation, algorithm, image, weights, NULL, output, strides, dilations, before, after);
    break;
  }
  if (status != dnnl_success) return NULL;
  dnnl_primitive_desc_create(&description, &operation, attributes, engine, forward);
#endif
  return description;
}

/// The pass with the layouts oneDNN likes best. NULL if it has no such kernel.
static dnnl_primitive_desc_t describe_convolution(
  int pass, const onednn_convolution *c, dnnl_alg_kind_t algorithm, dnnl_engine_t engine,
  dnnl_primitive_attr_t attributes) {
  layouts any = {0};
  dnnl_primitive_desc_t description = NULL;
  if (create_layouts(&any, c, 1)) {
    description = describe_pass(ONEDNN_FORWARD, c, algorithm, &any, engine, attributes, NULL);
    if (description && pass != ONEDNN_FORWARD) {
      dnnl_primitive_desc_t forward = description;
      description = describe_pass(pass, c, algorithm, &any, engine, attributes, forward);
      dnnl_primitive_desc_destroy(forward);
    }
  }
  destroy_layouts(&any);
  return description;
}

// MARK: - Plans

/// Whether Winograd is the faster algorithm, by measurements with oneDNN 2.6 on AVX-512: with
/// enough channels to fill its products, enough pixels to pay for transforming the weights, and
/// few lost at the edges of its 4x4 tiles.
static int prefers_winograd(const onednn_convolution *c) {
  const int fits = c->kernel_height == 3 && c->kernel_width == 3 && c->stride_h == 1
                   && c->stride_w == 1 && c->dilation_h == 1 && c->dilation_w == 1
                   && c->groups == 1;
  const long fewest = c->in_channels < c->out_channels ? c->in_channels : c->out_channels;
  const long most = c->in_channels < c->out_channels ? c->out_channels : c->in_channels;
  const long pixels = c->out_height * c->out_width;
  const long tiled_pixels = (c->out_height + 3) / 4 * 4 * ((c->out_width + 3) / 4 * 4);
  return fits && fewest >= 24 && c->batch * pixels >= 1024 && c->batch * pixels >= 2 * most
         && 5 * pixels >= 4 * tiled_pixels;
}

/// Creates the convolution and the reorders around it.
static int create_steps(
  onednn_plan *plan, const_dnnl_primitive_desc_t description, const layouts *plain,
  dnnl_primitive_attr_t attributes) {
  if (!create_step(&plan->convolution, description)) return 0;
  for (int k = 0; k < 3; k++) {
    const int array = operands_of_pass[plan->pass][k];
    layout_view ours = view(&plain->array[array]);
    layout_view theirs = dnnl_primitive_desc_query_md(
      description, role_of_array[plan->pass][array].query, 0);
    if (dnnl_memory_desc_equal(ours, theirs)) continue;
    const int is_result = k == 2;
    dnnl_primitive_desc_t reorder = NULL;
    if (dnnl_reorder_primitive_desc_create(
          &reorder, is_result ? theirs : ours, plan->engine, is_result ? ours : theirs,
          plan->engine, attributes)
        != dnnl_success) {
      return 0;
    }
    const int created = create_step(&plan->reorder[k], reorder);
    dnnl_primitive_desc_destroy(reorder);
    if (!created) return 0;
  }
  return 1;
}

/// A memory object with a buffer allocated here, or one given at each run if `buffer` is NULL.
static int create_memory(
  dnnl_memory_t *memory, layout_view layout, dnnl_engine_t engine, void **buffer) {
  void *handle = DNNL_MEMORY_NONE;
  if (buffer) {
    const size_t size = dnnl_memory_desc_get_size(layout);
    if (posix_memalign(buffer, 64, size > 0 ? size : 64)) return 0;
    handle = *buffer;
  }
  return dnnl_memory_create(memory, layout, engine, handle) == dnnl_success;
}

/// The scratchpads of a worker's steps share a buffer, since the steps follow each other.
static int create_scratchpad(dnnl_memory_t *memory, step s, onednn_plan *plan, void *buffer) {
  if (!s.primitive) return 1;
  const_dnnl_primitive_desc_t description = NULL;
  if (dnnl_primitive_get_primitive_desc(s.primitive, &description) != dnnl_success) return 0;
  return dnnl_memory_create(
           memory, dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0),
           plan->engine, buffer)
         == dnnl_success;
}

static int create_worker(
  onednn_plan *plan, worker_state *w, const_dnnl_primitive_desc_t description,
  const layouts *plain) {
  if (dnnl_stream_create(&w->stream, plan->engine, dnnl_stream_default_flags) != dnnl_success) {
    return 0;
  }
  size_t scratchpad_size = plan->convolution.scratchpad_size;
  for (int k = 0; k < 3; k++) {
    const int array = operands_of_pass[plan->pass][k];
    if (!create_memory(&w->plain[k], view(&plain->array[array]), plan->engine, NULL)) return 0;
    w->packed[k] = w->plain[k];
    if (!plan->reorder[k].primitive) continue;
    layout_view theirs = dnnl_primitive_desc_query_md(
      description, role_of_array[plan->pass][array].query, 0);
    if (!create_memory(&w->packed[k], theirs, plan->engine, &w->packed_buffer[k])) return 0;
    if (scratchpad_size < plan->reorder[k].scratchpad_size) {
      scratchpad_size = plan->reorder[k].scratchpad_size;
    }
  }
  if (posix_memalign(&w->scratchpad_buffer, 64, scratchpad_size > 0 ? scratchpad_size : 64)) {
    return 0;
  }
  for (int k = 0; k < 3; k++) {
    if (!create_scratchpad(
          &w->reorder_scratchpad[k], plan->reorder[k], plan, w->scratchpad_buffer)) {
      return 0;
    }
  }
  return create_scratchpad(
    &w->convolution_scratchpad, plan->convolution, plan, w->scratchpad_buffer);
}

static int prepare(onednn_plan *plan, const onednn_convolution *c, int algorithm) {
  if (dnnl_engine_create(&plan->engine, dnnl_cpu, 0) != dnnl_success) return 0;
  dnnl_primitive_attr_t attributes = create_attributes();
  if (!attributes) return 0;

  dnnl_primitive_desc_t description = NULL;
  if (algorithm == ONEDNN_WINOGRAD || (algorithm == ONEDNN_AUTO && prefers_winograd(c))) {
    description = describe_convolution(
      plan->pass, c, dnnl_convolution_winograd, plan->engine, attributes);
  }
  if (!description && algorithm != ONEDNN_WINOGRAD) {
    description = describe_convolution(
      plan->pass, c, dnnl_convolution_direct, plan->engine, attributes);
  }

  layouts plain = {0};
  int ready = description && create_layouts(&plain, c, 0)
              && create_steps(plan, description, &plain, attributes);
  for (int k = 0; ready && k < plan->workers; k++) {
    ready = create_worker(plan, &plan->worker[k], description, &plain);
  }
  if (ready) {
    const char *name = "";
    dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    snprintf(plan->implementation, sizeof plan->implementation, "%s", name);
  }
  destroy_layouts(&plain);
  if (description) dnnl_primitive_desc_destroy(description);
  dnnl_primitive_attr_destroy(attributes);
  return ready;
}

onednn_plan *onednn_plan_create(
  int pass, const onednn_convolution *convolution, int algorithm, int workers) {
  if (pass < ONEDNN_FORWARD || pass > ONEDNN_BACKWARD_WEIGHTS || workers < 1) return NULL;
  onednn_plan *plan = calloc(1, sizeof *plan);
  if (!plan) return NULL;
  plan->pass = pass;
  plan->workers = workers;
  plan->worker = calloc((size_t)workers, sizeof *plan->worker);
  const int thread_count = exchange_thread_count(1);
  const int ready = plan->worker && prepare(plan, convolution, algorithm);
  exchange_thread_count(thread_count);
  if (ready) return plan;
  onednn_plan_destroy(plan);
  return NULL;
}

static void destroy_memory(dnnl_memory_t memory) {
  if (memory) dnnl_memory_destroy(memory);
}

void onednn_plan_destroy(onednn_plan *plan) {
  if (!plan) return;
  for (int i = 0; plan->worker && i < plan->workers; i++) {
    worker_state *w = &plan->worker[i];
    for (int k = 0; k < 3; k++) {
      if (w->packed[k] != w->plain[k]) destroy_memory(w->packed[k]);
      destroy_memory(w->plain[k]);
      destroy_memory(w->reorder_scratchpad[k]);
      free(w->packed_buffer[k]);
    }
    destroy_memory(w->convolution_scratchpad);
    free(w->scratchpad_buffer);
    if (w->stream) dnnl_stream_destroy(w->stream);
  }
  free(plan->worker);
  for (int k = 0; k < 3; k++) {
    if (plan->reorder[k].primitive) dnnl_primitive_destroy(plan->reorder[k].primitive);
  }
  if (plan->convolution.primitive) dnnl_primitive_destroy(plan->convolution.primitive);
  if (plan->engine) dnnl_engine_destroy(plan->engine);
  free(plan);
}

// MARK: - Runs

static int run_reorder(const onednn_plan *plan, const worker_state *w, int k) {
  if (!plan->reorder[k].primitive) return 1;
  const int is_result = k == 2;
  const dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_FROM, is_result ? w->packed[k] : w->plain[k]},
    {DNNL_ARG_TO, is_result ? w->plain[k] : w->packed[k]},
    {DNNL_ARG_SCRATCHPAD, w->reorder_scratchpad[k]}};
  return dnnl_primitive_execute(plan->reorder[k].primitive, w->stream, 3, arguments)
         == dnnl_success;
}

static int run_convolution(const onednn_plan *plan, const worker_state *w) {
  dnnl_exec_arg_t arguments[4];
  for (int k = 0; k < 3; k++) {
    const int array = operands_of_pass[plan->pass][k];
    arguments[k] = (dnnl_exec_arg_t){role_of_array[plan->pass][array].argument, w->packed[k]};
  }
  arguments[3] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, w->convolution_scratchpad};
  return dnnl_primitive_execute(plan->convolution.primitive, w->stream, 4, arguments)
         == dnnl_success;
}

int onednn_plan_run(onednn_plan *plan, int worker, const float *a, const float *b, float *y) {
  const worker_state *w = &plan->worker[worker];
  // oneDNN has one type for memory it reads and writes; a and b are only read.
  void *const operands[3] = {(void *)a, (void *)b, y};
  for (int k = 0; k < 3; k++) {
    if (dnnl_memory_set_data_handle(w->plain[k], operands[k]) != dnnl_success) return -1;
  }
  const int done = run_reorder(plan, w, 0) && run_reorder(plan, w, 1) && run_convolution(plan, w)
                   && run_reorder(plan, w, 2) && dnnl_stream_wait(w->stream) == dnnl_success;
  return done ? 0 : -1;
}

const char *onednn_plan_implementation(const onednn_plan *plan) { return plan->implementation; }

const char *onednn_version_text(void) {
  static _Thread_local char text[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}
