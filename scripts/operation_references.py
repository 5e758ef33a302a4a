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


def spread(value, count):
    """One number for each of `count` axes."""
    return list(value) * count if len(value) == 1 else list(value)


def sides(a, extents, reach, stride):
    """Places before and after each axis: none, as many as TensorFlow's `same` has, or those given: one
    number for all axes, one each, or one each before and one each after."""
    if a.get("paddingMode") == "valid":
        return [(0, 0) for _ in extents]
    if a.get("paddingMode") == "same":
        total = [max(0, (-(-n // s) - 1) * s + r - n) for n, r, s in zip(extents, reach, stride)]
        return [(t // 2, t - t // 2) for t in total]
    places = a["padding"]
    if len(places) == 2 * len(extents) and len(places) > 1:
        return list(zip(places[: len(extents)], places[len(extents) :]))
    return [(n, n) for n in spread(places, len(extents))]


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


def window(a, extents, kernel):
    """Stride, padding, dilation and groups of a convolution over images of these extents."""
    stride, dilation = spread(a["stride"], len(extents)), spread(a["dilation"], len(extents))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    return stride, sides(a, extents, reach, stride), dilation, a["groups"]


def convolved(x, a):
    return convolution(x[0], x[1], *window(a, x[0].shape[2:], x[1].shape[2:]))


def transposed_convolution(x, a):
    extents, kernel = x[0].shape[2:], x[1].shape[2:]
    if a.get("paddingMode") == "same":
        size = [n * s for n, s in zip(extents, spread(a["stride"], len(extents)))]
        return image_gradient(x[1], x[0], size, *window(a, size, kernel))
    stride, padding, dilation, groups = window(a, extents, kernel)
    more = a["outputPadding"]
    more = spread([more] if isinstance(more, int) else more, len(extents))
    size = [
        (n - 1) * s - sum(p) + d * (k - 1) + 1 + m
        for n, k, s, p, d, m in zip(extents, kernel, stride, padding, dilation, more)]
    return image_gradient(x[1], x[0], size, stride, padding, dilation, groups)


def images_gradient(x, a):
    size = (a["height"], a["width"])
    return image_gradient(x[0], x[1], size, *window(a, size, x[0].shape[2:]))


def weights_gradient(x, a):
    kernel = (a["kernelHeight"], a["kernelWidth"])
    return weight_gradient(x[0], x[1], kernel, *window(a, x[0].shape[2:], kernel))


def torch_convolution(x, a):
    stride, padding, dilation, groups = window(a, x[0].shape[2:], x[1].shape[2:])
    padded = functional.pad(x[0], [n for pair in reversed(padding) for n in pair])
    convolve = [functional.conv1d, functional.conv2d, functional.conv3d][x[0].ndim - 3]
    return convolve(padded, x[1], None, stride, 0, dilation, groups)


# Poolings and resamplings ----------------------------------------------------------------------


def windows_over(image, a):
    """The windows of a pooling: place in the result, first and one beyond the last place of the
    padded image along each axis, with the padding before and after."""
    extents = image.shape[2:]
    size = spread(a["kernelSize"], len(extents))
    stride = spread(a["stride"], len(extents)) if a["stride"] else size
    padding = sides(a, extents, size, stride)
    counts = []
    for n, k, s, (before, after) in zip(extents, size, stride, padding):
        room = n + before + after - k
        count = room // s + 1
        # A window that hangs over the end counts if it begins before the padding after.
        if a["ceilMode"] and room % s and count * s < n + before:
            count += 1
        counts.append(count)
    padded = [n + sum(p) for n, p in zip(extents, padding)]

    def places():
        for place in np.ndindex(*counts):
            first = [i * s for i, s in zip(place, stride)]
            yield place, first, [min(f + k, n) for f, k, n in zip(first, size, padded)]

    return counts, padding, places()


def max_pool(x, a):
    image = x[0]
    counts, padding, places = windows_over(image, a)
    padded = np.pad(image, [(0, 0), (0, 0), *padding], constant_values=-np.inf)
    values = np.zeros((*image.shape[:2], *counts))
    indices = np.zeros(values.shape, int)
    for place, first, last in places:
        inside = [slice(f, l) for f, l in zip(first, last)]
        shape = [l - f for f, l in zip(first, last)]
        lines = padded[(..., *inside)].reshape(*image.shape[:2], int(np.prod(shape)))
        chosen = lines.argmax(-1)
        values[(..., *place)] = lines.max(-1)
        coordinates = [
            within + f - before
            for within, f, (before, _) in zip(np.unravel_index(chosen, shape), first, padding)]
        indices[(..., *place)] = np.ravel_multi_index(coordinates, image.shape[2:])
    return [values, indices]


def average_pool(x, a):
    image = x[0]
    counts, padding, places = windows_over(image, a)
    padded = np.pad(image, [(0, 0), (0, 0), *padding])
    counted = np.ones(image.shape[2:])
    counted = np.pad(counted, padding, constant_values=float(a["countIncludesPadding"]))
    result = np.zeros((*image.shape[:2], *counts))
    spatial = tuple(range(2, image.ndim))
    for place, first, last in places:
        inside = tuple(slice(f, l) for f, l in zip(first, last))
        result[(..., *place)] = padded[(..., *inside)].sum(spatial) / counted[inside].sum()
    return result


def max_unpool(x, a):
    values, indices = x
    planes = np.zeros((values.shape[0] * values.shape[1], int(np.prod(a["outputSize"]))))
    per_plane = int(np.prod(values.shape[2:]))
    rows = np.repeat(np.arange(len(planes)), per_plane)
    np.add.at(planes, (rows, indices.ravel()), values.ravel())
    return planes.reshape(*values.shape[:2], *a["outputSize"])


def resampled_size(image, a):
    return a["size"] or [n * a["factor"] for n in image.shape[2:]]


def nearest(x, a):
    result = x[0]
    for axis, extent in zip((2, 3), resampled_size(x[0], a)):
        places = np.arange(extent) * result.shape[axis] // extent
        result = np.take(result, places, axis)
    return result


def bilinear(x, a):
    result = x[0]
    for axis, extent in zip((2, 3), resampled_size(x[0], a)):
        n = result.shape[axis]
        if a["alignCorners"]:
            places = np.arange(extent) * ((n - 1) / (extent - 1) if extent > 1 else 0)
        else:
            places = np.clip((np.arange(extent) + 0.5) * n / extent - 0.5, 0, n - 1)
        low = np.floor(places).astype(int)
        high = np.minimum(low + 1, n - 1)
        share = (places - low).reshape([-1 if i == axis else 1 for i in range(4)])
        result = np.take(result, low, axis) * (1 - share) + np.take(result, high, axis) * share
    return result


# Positions -------------------------------------------------------------------------------------


def scatter_add(x, a):
    values, positions = x
    axis = a["axis"] + (values.ndim - positions.ndim + 1 if a["axis"] < 0 else 0)
    shape = list(values.shape)
    shape[axis : axis + positions.ndim] = [a["extent"]]
    result = np.zeros(shape)
    for place in np.ndindex(*positions.shape):
        if 0 <= positions[place] < a["extent"]:
            target = (slice(None),) * axis + (positions[place],)
            result[target] += values[(slice(None),) * axis + place]
    return result


def add_along(x, a):
    values, positions = x
    axis = a["axis"] % values.ndim
    shape = list(values.shape)
    shape[axis] = a["extent"]
    result = np.zeros(shape)
    places = list(np.indices(values.shape))
    places[axis] = positions
    inside = (positions >= 0) & (positions < a["extent"])
    np.add.at(result, tuple(each[inside] for each in places), values[inside])
    return result


def order(x, a):
    """Stable in both directions."""
    return np.argsort(-x if a.get("descending") else x, a["axis"], kind="stable")


def in_order(x, a):
    places = order(x[0], a)
    return [np.take_along_axis(x[0], places, a["axis"]), places]


def largest(x, a):
    places = np.take(order(x[0], {**a, "descending": True}), np.arange(a["k"]), a["axis"])
    return [np.take_along_axis(x[0], places, a["axis"]), places]


# Reductions and movement -----------------------------------------------------------------------


def variance(x, a):
    axis = axes(a)
    count = np.sum(np.ones(x[0].shape), axis).max(initial=0)
    distance = x[0] - np.sum(x[0], axis, keepdims=True) / max(1, count)
    return np.sum(distance**2, axis, keepdims=a["keepsAxes"]) / (count - a["correction"])


def extreme_place(find, x, a):
    places = find(x, a["axis"], keepdims=a["keepsAxis"])
    return np.asarray(places, int)


def cumulative_sum(x, a):
    lines = np.flip(x, a["axis"]) if a["reverse"] else x
    sums = np.cumsum(lines, a["axis"]) - (lines if a["exclusive"] else 0)
    return np.flip(sums, a["axis"]) if a["reverse"] else sums


def padded(x, a):
    mode = {"constant_values": a["value"]} if a["mode"] == "constant" else {}
    return np.pad(x, list(zip(a["low"], a["high"])), a["mode"], **mode)



def places_of(a, extents):
    """So many places along each axis from a start on, a step apart, forwards or backwards."""
    steps = a["steps"] or [1] * len(extents)
    return np.ix_(*(
        start + step * np.arange(extent)
        for start, extent, step in zip(a["starts"], extents, steps)))


def embedded(x, a):
    result = np.zeros(a["shape"])
    result[places_of(a, x.shape)] = x
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
    "ceil": lambda x, a: np.ceil(x[0]),
    "round": lambda x, a: np.round(x[0]),
    "erf": lambda x, a: special.erf(x[0]),
    "tan": lambda x, a: np.tan(x[0]),
    "asin": lambda x, a: np.arcsin(x[0]),
    "acos": lambda x, a: np.arccos(x[0]),
    "atan": lambda x, a: np.arctan(x[0]),
    "sinh": lambda x, a: np.sinh(x[0]),
    "cosh": lambda x, a: np.cosh(x[0]),
    "asinh": lambda x, a: np.arcsinh(x[0]),
    "acosh": lambda x, a: np.arccosh(x[0]),
    "atanh": lambda x, a: np.arctanh(x[0]),
    "leakyRelu": lambda x, a: np.where(x[0] > 0, x[0], a["slope"] * x[0]),
    "elu": lambda x, a: np.where(x[0] > 0, x[0], a["alpha"] * np.expm1(x[0])),
    "selu": lambda x, a: 1.0507009873554805 * np.where(
        x[0] > 0, x[0], 1.6732632423543772 * np.expm1(x[0])),
    "softsign": lambda x, a: x[0] / (1 + np.abs(x[0])),
    "hardSigmoid": lambda x, a: np.clip(x[0] / 6 + 0.5, 0, 1),
    "silu": lambda x, a: x[0] * special.expit(x[0]),
    "gelu": lambda x, a: x[0] * special.ndtr(x[0]) if a["approximate"] == "none" else (
        0.5 * x[0] * (1 + np.tanh((2 / np.pi) ** 0.5 * (x[0] + 0.044715 * x[0] ** 3)))),
    "clamp": lambda x, a: np.clip(x[0], a["low"], a["high"]),
    "mod": lambda x, a: np.mod(x[0], x[1]),
    "atan2": lambda x, a: np.arctan2(x[0], x[1]),
    "prelu": lambda x, a: np.where(x[0] > 0, x[0], x[1] * x[0]),
    "logicalAnd": lambda x, a: np.logical_and(x[0], x[1]) * 1.0,
    "logicalOr": lambda x, a: np.logical_or(x[0], x[1]) * 1.0,
    "logicalNot": lambda x, a: np.logical_not(x[0]) * 1.0,
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
    "prod": lambda x, a: np.prod(x[0], axes(a), keepdims=a["keepsAxes"]),
    "argmax": lambda x, a: extreme_place(np.argmax, x[0], a),
    "argmin": lambda x, a: extreme_place(np.argmin, x[0], a),
    "variance": variance,
    "standardDeviation": lambda x, a: np.sqrt(variance(x, a)),
    "logSumExp": lambda x, a: special.logsumexp(x[0], axes(a), keepdims=a["keepsAxes"]),
    "softmax": lambda x, a: special.softmax(x[0], a["axis"]),
    "logSoftmax": lambda x, a: special.log_softmax(x[0], a["axis"]),
    "cumulativeSum": lambda x, a: cumulative_sum(x[0], a),
    "pad": lambda x, a: padded(x[0], a),
    "flip": lambda x, a: np.flip(x[0], axes(a)),
    "roll": lambda x, a: np.roll(x[0], a["shift"], a["axis"]),
    "tile": lambda x, a: np.tile(x[0], a["repeats"]),
    "stack": lambda x, a: np.stack(x, a["axis"]),
    "split": lambda x, a: np.split(x[0], [a["size"]], a["axis"]),
    "squeeze": lambda x, a: np.squeeze(x[0], axes(a)),
    "expandDims": lambda x, a: np.expand_dims(x[0], a["axis"]),
    "reshape": lambda x, a: x[0].reshape(a["shape"]),
    "transpose": lambda x, a: x[0].transpose(a["axes"]),
    "broadcast": lambda x, a: np.broadcast_to(x[0], a["shape"]),
    "slice": lambda x, a: x[0][places_of(a, a["extents"])],
    "embed": lambda x, a: embedded(x[0], a),
    "concatenate": lambda x, a: np.concatenate(x, a["axis"]),
    "matmul": lambda x, a: np.matmul(*exchanged(x, a)),
    "conv1d": convolved,
    "conv2d": convolved,
    "conv3d": convolved,
    "convTranspose1d": transposed_convolution,
    "convTranspose2d": transposed_convolution,
    "convTranspose3d": transposed_convolution,
    "conv2dImageGradient": images_gradient,
    "conv2dWeightGradient": weights_gradient,
    "maxPool1d": max_pool,
    "maxPool2d": max_pool,
    "maxPool3d": max_pool,
    "averagePool1d": average_pool,
    "averagePool2d": average_pool,
    "averagePool3d": average_pool,
    "maxUnpool1d": max_unpool,
    "maxUnpool2d": max_unpool,
    "maxUnpool3d": max_unpool,
    "globalMaxPool": lambda x, a: x[0].max(tuple(range(2, x[0].ndim))),
    "globalAveragePool": lambda x, a: x[0].mean(tuple(range(2, x[0].ndim))),
    "resampleNearest2d": nearest,
    "resampleBilinear2d": bilinear,
    "gather": lambda x, a: np.take(x[0], x[1], a["axis"]),
    "scatterAdd": scatter_add,
    "takeAlongAxis": lambda x, a: np.take_along_axis(x[0], x[1].astype(int), a["axis"]),
    "addAlongAxis": add_along,
    "oneHot": lambda x, a: (x[0][..., None] == np.arange(a["classes"])) * 1.0,
    "argsort": lambda x, a: order(x[0], a),
    "sort": in_order,
    "topK": largest,
    "index": lambda x, a: np.trunc(x[0]).astype(int),
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
    "erf": lambda x, a: torch.erf(x[0]),
    "tan": lambda x, a: torch.tan(x[0]),
    "asin": lambda x, a: torch.asin(x[0]),
    "acos": lambda x, a: torch.acos(x[0]),
    "atan": lambda x, a: torch.atan(x[0]),
    "sinh": lambda x, a: torch.sinh(x[0]),
    "cosh": lambda x, a: torch.cosh(x[0]),
    "asinh": lambda x, a: torch.asinh(x[0]),
    "acosh": lambda x, a: torch.acosh(x[0]),
    "atanh": lambda x, a: torch.atanh(x[0]),
    "leakyRelu": lambda x, a: functional.leaky_relu(x[0], a["slope"]),
    "elu": lambda x, a: functional.elu(x[0], a["alpha"]),
    "selu": lambda x, a: functional.selu(x[0]),
    "softsign": lambda x, a: functional.softsign(x[0]),
    "hardSigmoid": lambda x, a: functional.hardsigmoid(x[0]),
    "silu": lambda x, a: functional.silu(x[0]),
    "gelu": lambda x, a: functional.gelu(x[0], approximate=a["approximate"]),
    "clamp": lambda x, a: torch.clamp(x[0], a["low"], a["high"]),
    "mod": lambda x, a: torch.remainder(x[0], x[1]),
    "atan2": lambda x, a: torch.atan2(x[0], x[1]),
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
    "softmax": lambda x, a: torch.softmax(x[0], a["axis"]),
    "logSoftmax": lambda x, a: torch.log_softmax(x[0], a["axis"]),
    "logSumExp": lambda x, a: torch.logsumexp(
        x[0], tuple(range(x[0].ndim)) if axes(a) is None else axes(a), a["keepsAxes"]),
    "flip": lambda x, a: torch.flip(x[0], axes(a) or tuple(range(x[0].ndim))),
    "roll": lambda x, a: torch.roll(x[0], a["shift"], a["axis"]),
    "tile": lambda x, a: torch.tile(x[0], a["repeats"]),
    "stack": lambda x, a: torch.stack(x, a["axis"]),
    "reshape": lambda x, a: x[0].reshape(a["shape"]),
    "transpose": lambda x, a: x[0].permute(a["axes"]),
    "broadcast": lambda x, a: x[0].broadcast_to(a["shape"]),
    "concatenate": lambda x, a: torch.cat(x, a["axis"]),
    "matmul": lambda x, a: torch.matmul(*exchanged(x, a)),
    "conv1d": torch_convolution,
    "conv2d": torch_convolution,
    "conv3d": torch_convolution,
    "globalMaxPool": lambda x, a: torch.amax(x[0], tuple(range(2, x[0].ndim))),
    "globalAveragePool": lambda x, a: torch.mean(x[0], tuple(range(2, x[0].ndim))),
    "resampleNearest2d": lambda x, a: functional.interpolate(
        x[0], resampled_size(x[0], a), mode="nearest"),
    "resampleBilinear2d": lambda x, a: functional.interpolate(
        x[0], resampled_size(x[0], a), mode="bilinear", align_corners=a["alignCorners"]),
    "takeAlongAxis": lambda x, a: torch.take_along_dim(x[0], x[1].long(), a["axis"]),
    "sort": lambda x, a: list(
        torch.sort(x[0], dim=a["axis"], descending=a["descending"], stable=True)),
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
