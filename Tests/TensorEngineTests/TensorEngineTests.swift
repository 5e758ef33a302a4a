// The first test of TensorEngine replaces this one.
