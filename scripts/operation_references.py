"""What every operation of the engine is to equal: VALUES in NumPy and SciPy, TORCH in PyTorch where its
automatic differentiation can judge the gradients. Each is a function of the operands x and the
attributes a. STATISTICS judge what is drawn at random: they return what is wrong, or None."""

import numpy as np
from scipy import special

try:
    import torch
    from torch.nn import functional
except ImportError:
    torch = functional = None


def axes(a, key="axes"):
    return None if a.get(key) is None else tuple(a[key])


def spread(value, count=2):
    """One number for each of `count` axes."""
    return list(value) * count if len(value) == 1 else list(value)


def sides(padding):
    """Zeros before and after each of two axes, of one, two or four numbers."""
    top, left, bottom, right = [padding[place % len(padding)] for place in range(4)]
    return [(top, bottom), (left, right)]


# Convolutions of any number of axes, tap by tap ------------------------------------------------


def taps(weight, stride, dilation, windows):
    """Each place of a kernel, and where its reads begin and go in the padded image."""
    for tap in np.ndindex(*weight.shape[2:]):
        yield tap, tuple(
            slice(t * d, t * d + s * (n - 1) + 1, s)
            for t, d, s, n in zip(tap, dilation, stride, windows))


def grouped(channels, groups):
    """The channels of each group."""
    size = channels // groups
    return [slice(group * size, (group + 1) * size) for group in range(groups)]


def convolution(image, weight, stride, padding, dilation, groups):
    padded = np.pad(image, [(0, 0), (0, 0), *padding])
    windows = [
        (extent - d * (k - 1) - 1) // s + 1
        for extent, k, s, d in zip(padded.shape[2:], weight.shape[2:], stride, dilation)]
    result = np.zeros((image.shape[0], weight.shape[0], *windows))
    pairs = list(zip(grouped(image.shape[1], groups), grouped(weight.shape[0], groups)))
    for tap, places in taps(weight, stride, dilation, windows):
        for source, target in pairs:
            result[:, target] += np.einsum(
                "nc...,oc->no...", padded[(slice(None), source, *places)],
                weight[(target, slice(None), *tap)])
    return result


def image_gradient(weight, cotangent, size, stride, padding, dilation, groups):
    """The adjoint of `convolution` in its images, of spatial extents `size`."""
    channels = weight.shape[1] * groups
    padded = np.zeros(
        (cotangent.shape[0], channels, *(n + sum(p) for n, p in zip(size, padding))))
    pairs = list(zip(grouped(channels, groups), grouped(weight.shape[0], groups)))
    for tap, places in taps(weight, stride, dilation, cotangent.shape[2:]):
        for source, target in pairs:
            padded[(slice(None), source, *places)] += np.einsum(
                "no...,oc->nc...", cotangent[:, target], weight[(target, slice(None), *tap)])
    inner = (slice(p[0], p[0] + n) for n, p in zip(size, padding))
    return padded[(slice(None), slice(None), *inner)]


def weight_gradient(image, cotangent, kernel, stride, padding, dilation, groups):
    """The adjoint of `convolution` in its weights, of spatial extents `kernel`."""
    padded = np.pad(image, [(0, 0), (0, 0), *padding])
    weight = np.zeros((cotangent.shape[1], image.shape[1] // groups, *kernel))
    pairs = list(zip(grouped(image.shape[1], groups), grouped(weight.shape[0], groups)))
    places_of = "xyz"[: len(kernel)]
    for tap, places in taps(weight, stride, dilation, cotangent.shape[2:]):
        for source, target in pairs:
            weight[(target, slice(None), *tap)] = np.einsum(
                f"nc{places_of},no{places_of}->oc", padded[(slice(None), source, *places)], cotangent[:, target])
    return weight


def window(a):
    return spread(a["stride"]), sides(a["padding"]), spread(a["dilation"]), a["groups"]


def transposed_convolution(x, a):
    stride, padding, dilation, groups = window(a)
    size = [
        (n - 1) * s - sum(p) + d * (k - 1) + 1 + a["outputPadding"]
        for n, k, s, p, d in zip(x[0].shape[2:], x[1].shape[2:], stride, padding, dilation)]
    return image_gradient(x[1], x[0], size, stride, padding, dilation, groups)


def torch_convolution(x, a):
    stride, padding, dilation, groups = window(a)
    padded = functional.pad(x[0], [n for pair in reversed(padding) for n in pair])
    return functional.conv2d(padded, x[1], None, stride, 0, dilation, groups)


def slices(a):
    steps = a["steps"] or [1] * len(a["starts"])
    return tuple(
        slice(start, start + extent * step, step)
        for start, extent, step in zip(a["starts"], a["extents"], steps))


def embedded(x, a):
    result = np.zeros(a["shape"])
    places = zip(a["starts"], x.shape, a["steps"])
    result[tuple(slice(start, start + n * step, step) for start, n, step in places)] = x
    return result


def exchanged(x, a):
    flags = a["transposesLeft"], a["transposesRight"]
    return [each.swapaxes(-1, -2) if flag else each for each, flag in zip(x, flags)]


VALUES = {
    "neg": lambda x, a: -x[0],
    "abs": lambda x, a: np.abs(x[0]),
    "sign": lambda x, a: np.sign(x[0]),
    "exp": lambda x, a: np.exp(x[0]),
    "expm1": lambda x, a: np.expm1(x[0]),
    "log": lambda x, a: np.log(x[0]),
    "log1p": lambda x, a: np.log1p(x[0]),
    "sqrt": lambda x, a: np.sqrt(x[0]),
    "rsqrt": lambda x, a: 1 / np.sqrt(x[0]),
    "square": lambda x, a: x[0] * x[0],
    "reciprocal": lambda x, a: 1 / x[0],
    "sin": lambda x, a: np.sin(x[0]),
    "cos": lambda x, a: np.cos(x[0]),
    "tanh": lambda x, a: np.tanh(x[0]),
    "sigmoid": lambda x, a: special.expit(x[0]),
    "softplus": lambda x, a: np.logaddexp(x[0], 0),
    "relu": lambda x, a: np.maximum(x[0], 0),
    "floor": lambda x, a: np.floor(x[0]),
    "add": lambda x, a: x[0] + x[1],
    "sub": lambda x, a: x[0] - x[1],
    "mul": lambda x, a: x[0] * x[1],
    "div": lambda x, a: x[0] / x[1],
    "pow": lambda x, a: x[0] ** x[1],
    "max": lambda x, a: np.maximum(x[0], x[1]),
    "min": lambda x, a: np.minimum(x[0], x[1]),
    "equal": lambda x, a: (x[0] == x[1]) * 1.0,
    "notEqual": lambda x, a: (x[0] != x[1]) * 1.0,
    "less": lambda x, a: (x[0] < x[1]) * 1.0,
    "lessOrEqual": lambda x, a: (x[0] <= x[1]) * 1.0,
    "greater": lambda x, a: (x[0] > x[1]) * 1.0,
    "greaterOrEqual": lambda x, a: (x[0] >= x[1]) * 1.0,
    "select": lambda x, a: np.where(x[0] != 0, x[1], x[2]),
    "sum": lambda x, a: np.sum(x[0], axes(a), keepdims=a["keepsAxes"]),
    "mean": lambda x, a: (
        np.sum(x[0], axes(a), keepdims=a["keepsAxes"])
        / max(1, np.sum(np.ones(x[0].shape), axes(a)).max(initial=0))),
    "maxAlong": lambda x, a: np.max(x[0], axes(a), keepdims=a["keepsAxes"]),
    "minAlong": lambda x, a: np.min(x[0], axes(a), keepdims=a["keepsAxes"]),
    "reshape": lambda x, a: x[0].reshape(a["shape"]),
    "transpose": lambda x, a: x[0].transpose(a["axes"]),
    "broadcast": lambda x, a: np.broadcast_to(x[0], a["shape"]),
    "slice": lambda x, a: x[0][slices(a)],
    "embed": lambda x, a: embedded(x[0], a),
    "concatenate": lambda x, a: np.concatenate(x, a["axis"]),
    "matmul": lambda x, a: np.matmul(*exchanged(x, a)),
    "conv2d": lambda x, a: convolution(x[0], x[1], *window(a)),
    "convTranspose2d": transposed_convolution,
    "conv2dImageGradient": lambda x, a: image_gradient(
        x[0], x[1], (a["height"], a["width"]), *window(a)),
    "conv2dWeightGradient": lambda x, a: weight_gradient(
        x[0], x[1], (a["kernelHeight"], a["kernelWidth"]), *window(a)),
    "real": lambda x, a: x[0].astype(float),
    "stopGradient": lambda x, a: x[0],
}

TORCH = {
    "neg": lambda x, a: -x[0],
    "abs": lambda x, a: torch.abs(x[0]),
    "exp": lambda x, a: torch.exp(x[0]),
    "expm1": lambda x, a: torch.expm1(x[0]),
    "log": lambda x, a: torch.log(x[0]),
    "log1p": lambda x, a: torch.log1p(x[0]),
    "sqrt": lambda x, a: torch.sqrt(x[0]),
    "rsqrt": lambda x, a: torch.rsqrt(x[0]),
    "square": lambda x, a: torch.square(x[0]),
    "reciprocal": lambda x, a: torch.reciprocal(x[0]),
    "sin": lambda x, a: torch.sin(x[0]),
    "cos": lambda x, a: torch.cos(x[0]),
    "tanh": lambda x, a: torch.tanh(x[0]),
    "sigmoid": lambda x, a: torch.sigmoid(x[0]),
    "softplus": lambda x, a: functional.softplus(x[0]),
    "relu": lambda x, a: torch.relu(x[0]),
    "add": lambda x, a: x[0] + x[1],
    "sub": lambda x, a: x[0] - x[1],
    "mul": lambda x, a: x[0] * x[1],
    "div": lambda x, a: x[0] / x[1],
    "pow": lambda x, a: x[0] ** x[1],
    "max": lambda x, a: torch.maximum(x[0], x[1]),
    "min": lambda x, a: torch.minimum(x[0], x[1]),
    "select": lambda x, a: torch.where(x[0] != 0, x[1], x[2]),
    "sum": lambda x, a: torch.sum(x[0], axes(a), keepdim=a["keepsAxes"]),
    "maxAlong": lambda x, a: torch.amax(x[0], axes(a) or (), keepdim=a["keepsAxes"]),
    "minAlong": lambda x, a: torch.amin(x[0], axes(a) or (), keepdim=a["keepsAxes"]),
    "reshape": lambda x, a: x[0].reshape(a["shape"]),
    "transpose": lambda x, a: x[0].permute(a["axes"]),
    "broadcast": lambda x, a: x[0].broadcast_to(a["shape"]),
    "slice": lambda x, a: x[0][slices(a)],
    "concatenate": lambda x, a: torch.cat(x, a["axis"]),
    "matmul": lambda x, a: torch.matmul(*exchanged(x, a)),
    "conv2d": torch_convolution,
}


def moments(mean, deviation, low, high):
    """A test of the range, the mean and the deviation of what was drawn."""

    def fault(y, a):
        if list(y.shape) != a["shape"]:
            return f"shape {y.shape}"
        if y.size and not (low(a) <= y.min() and y.max() <= high(a)):
            return f"{y.min()} ... {y.max()} is out of range"
        # Six deviations of the mean of so many: one draw in 10^9 is outside.
        if y.size and abs(y.mean() - mean(a)) > 6 * deviation(a) / y.size**0.5:
            return f"has the mean {y.mean()}"
        if y.size > 10_000 and abs(y.std() - deviation(a)) > 0.05:
            return f"has the deviation {y.std()}"
        return None

    return fault


STATISTICS = {
    "randomUniform": moments(
        lambda a: 0.5, lambda a: 12**-0.5, lambda a: 0, lambda a: np.nextafter(1, 0)),
    "randomNormal": moments(
        lambda a: 0, lambda a: 1, lambda a: -9, lambda a: 9),
    "randomBernoulli": moments(
        lambda a: a["probability"], lambda a: (a["probability"] * (1 - a["probability"])) ** 0.5,
        lambda a: 0, lambda a: 1),
}
