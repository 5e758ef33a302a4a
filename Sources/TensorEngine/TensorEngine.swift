// The first file of TensorEngine replaces this one.
