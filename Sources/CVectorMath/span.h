/// Which windows of a row touch the image at one of their places.
#pragma once

/// The part first..<end of some windows.
typedef struct {
  long first, end;
} span;

/// The part of 0..<out whose pixel out_index * stride + offset is within 0..<size.
static inline span span_inside(long out, long stride, long offset, long size) {
  long first = offset < 0 ? (stride - 1 - offset) / stride : 0;
  long end = size > offset ? (size - offset + stride - 1) / stride : 0;
  if (end > out) end = out;
  if (first > end) first = end;
  return (span){first, end};
}
