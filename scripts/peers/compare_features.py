#!/usr/bin/env python3
"""Compares what the feature networks see in a picture, and what they take it for, with PyTorch.

    python scripts/peers/compare_features.py [--lite0 FILE.pth] [--photographs] [--seconds] [NETWORK ...]
    python scripts/peers/compare_features.py --fixture Tests/Fixtures/FeatureNetworks/features.json

Each network gets random weights (He's, with normalisations that do something), written as safetensors; a
picture of noise and waves goes through torchvision's network and through 'atelier weights features', at an
even and at an odd size. Every named layer and the logits are compared: the largest difference, relative to the
layer's largest absolute value, has to be at most 1e-4. EfficientNet-Lite0 is that of the package
efficientnet-lite-pytorch; --lite0 takes its real weights, which 'scripts/fetch-weights' leaves in a cache, and
--photographs compares the labels of three of scikit-image's photographs too. --seconds times PyTorch's and our
passage through all layers of a picture of 256x256 with two threads. --fixture writes what PyTorch makes of
numbers that a formula gives, for our tests.

Needs PyTorch, torchvision, safetensors and Pillow, and scikit-image for the photographs. ATELIER_BIN names another
program than ./atelier. Exit codes: 0 all equal, 1 a difference, 2 the program failed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file
from torch import nn

PROGRAM = os.environ.get("ATELIER_BIN", Path(__file__).resolve().parents[2] / "atelier")
BAR = 1e-4
NETWORKS = ["vgg16", "vgg19", "squeezenet1_1", "resnet18", "resnet50", "efficientnet-lite0"]
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def efficientnet():
    """EfficientNet-Lite0, whose padding suits images of any size."""
    from efficientnet_lite_pytorch import model, utils

    blocks, params = utils.get_model_params("efficientnet-lite0", None)
    return model.EfficientNet(blocks, params._replace(image_size=None))


def make(name, seed=1):
    """The network with random weights, and ones and zeros of normalisations replaced by others."""
    torch.manual_seed(seed)
    network = efficientnet() if name == "efficientnet-lite0" else torchvision.models.get_model(name, weights=None)
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.normal_(layer.bias, 0, 0.1)
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 1.0)
            nn.init.normal_(layer.bias, 0, 0.2)
            nn.init.normal_(layer.running_mean, 0, 0.2)
            nn.init.uniform_(layer.running_var, 0.5, 2.0)
    return network.eval()


def taps(name, network):
    """The modules that give the named layers, in whatever order."""
    if name.startswith("vgg"):
        block, number, found = 1, 0, {}
        for layer in network.features:
            if isinstance(layer, nn.ReLU):
                number += 1
                found[f"relu{block}_{number}"] = layer
            elif isinstance(layer, nn.MaxPool2d):
                block, number = block + 1, 0
        return found
    if name == "squeezenet1_1":
        fires = [layer for layer in network.features if type(layer).__name__ == "Fire"]
        return {"relu1": network.features[1], **{f"fire{n + 2}": layer for n, layer in enumerate(fires)}}
    if name.startswith("resnet"):
        groups = {f"layer{n}": getattr(network, f"layer{n}") for n in range(1, 5)}
        return {
            "relu1": network.relu,
            **{f"{group}.{n}": block for group, blocks in groups.items() for n, block in enumerate(blocks)},
        }
    return {f"block{n}": block for n, block in enumerate(network._blocks)}


def by_torch(name, network, colours):
    """The features of every named layer, and the logits; colours are [1, 3, H, W] in 0 ... 1."""
    found = {}

    def keep(layer):
        def hook(_, __, result):
            # A module that is used twice gives the first result, and later ones change no tensor we keep.
            found.setdefault(layer, result.detach().clone())

        return hook

    hooks = [module.register_forward_hook(keep(layer)) for layer, module in taps(name, network).items()]
    if name == "efficientnet-lite0":
        # One ReLU6 of a block is used behind both of its first normalisations.
        hooks.append(network._swish.register_forward_hook(keep("stem")))
        hooks += [
            block._swish.register_forward_hook(keep(f"expand{n}"))
            for n, block in enumerate(network._blocks) if n > 0
        ]

        def keep_head(_, inputs):
            found["head"] = inputs[0].detach().clone()

        hooks.append(network._avg_pooling.register_forward_pre_hook(keep_head))
        prepared = (colours * 255 - 127) / 128
    else:
        mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in IMAGENET)
        prepared = (colours - mean) / deviation
    with torch.no_grad():
        found["logits"] = network(prepared)
    for hook in hooks:
        hook.remove()
    return {layer: value.numpy() for layer, value in found.items()}


def by_atelier(weights, picture, folder, *arguments):
    """The arrays that our program writes, and its JSON document."""
    output = folder / "features.npz"
    command = [PROGRAM, "weights", "features", weights, "--image", picture, "-o", output, "--json", "--classes"]
    run = subprocess.run([*map(str, command), *arguments], stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        sys.exit(2)
    with np.load(output) as arrays:
        return dict(arrays), json.loads(run.stdout)


def noise_and_waves(width, height):
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[:height, :width]
    waves = np.stack([np.sin(rows / 7), np.cos(columns / 5), np.sin((rows + columns) / 11)], axis=-1)
    return np.clip(128 + 60 * waves + 40 * random.standard_normal((height, width, 3)), 0, 255).astype(np.uint8)


def compare(name, network, weights, pixels, folder, title):
    """Whether all layers agree; prints a line for the picture."""
    picture = folder / "picture.png"
    Image.fromarray(pixels).save(picture)
    colours = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    theirs = by_torch(name, network, colours)
    ours, document = by_atelier(weights, picture, folder)
    differing = set(theirs) ^ set(ours)
    errors = {
        layer: float(np.abs(ours[layer] - theirs[layer]).max() / np.abs(theirs[layer]).max())
        if ours[layer].shape == theirs[layer].shape else float("inf")
        for layer in set(ours) & set(theirs)
    }
    worst = max(errors, key=errors.get)
    label = int(theirs["logits"].argmax())
    isEqual = not differing and errors[worst] <= BAR and label == document["classes"][0]["class"]
    print(
        f"{'equal' if isEqual else 'DIFFERENT'}  {name:18}  {title:22}  {len(errors)} layers  worst {worst} "
        f"{errors[worst]:.1e}  class {label} and {document['classes'][0]['class']}"
        f" ({document['classes'][0]['probability']:.3f})"
        + (f"  only on one side: {', '.join(sorted(differing))}" if differing else ""), flush=True)
    return isEqual


def mixed(name, count):
    """Numbers in 0 ... 1 that are a function of a name and a place (FNV-1a and MurmurHash3's last step)."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 & 0xFFFFFFFF
    bits = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) ^ np.uint32(seed)
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x85EBCA6B)
    bits ^= bits >> np.uint32(13)
    bits *= np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return bits / 2.0**32


def by_formula(name, shape):
    """A parameter of the fixture's networks."""
    numbers = mixed(name, int(np.prod(shape)))
    if name.endswith("running_var"):
        numbers = 0.5 + 1.5 * numbers
    elif name.endswith("running_mean"):
        numbers = 0.4 * numbers - 0.2
    elif name.endswith("bias"):
        numbers = 0.2 * numbers - 0.1
    elif len(shape) == 1:
        numbers = 0.5 + 0.5 * numbers
    else:
        numbers = (2 * numbers - 1) * np.sqrt(6 / np.prod(shape[1:]))
    return torch.from_numpy(numbers.astype(np.float32).reshape(shape))


def fixture(networks):
    """What each layer gives for an image of 45 rows and 61 columns: shape, largest, mean, and three numbers."""
    document = {}
    colours = torch.from_numpy(mixed("image", 3 * 45 * 61).astype(np.float32).reshape(1, 3, 45, 61))
    for name in networks:
        network = make(name)
        with torch.no_grad():
            for path, value in network.state_dict().items():
                if not path.endswith("num_batches_tracked"):
                    value.copy_(by_formula(path, value.shape))
        document[name] = {}
        for layer, value in by_torch(name, network, colours).items():
            if name.startswith("vgg") and layer == "logits":
                continue  # 124 million numbers, for a test
            numbers = value.astype(np.float64).ravel()
            document[name][layer] = {
                "shape": list(value.shape),
                "largest": float(np.abs(numbers).max()),
                "mean": float(numbers.mean()),
                "numbers": [float(numbers[place]) for place in (0, len(numbers) // 2, len(numbers) - 1)],
            }
    return document


def seconds(name, network, weights, folder):
    """Prints the time of a passage through all layers, theirs and ours."""
    torch.set_num_threads(2)
    picture = folder / "picture.png"
    Image.fromarray(noise_and_waves(256, 256)).save(picture)
    images = torch.rand(1, 3, 256, 256)
    times = []
    with torch.no_grad():
        for _ in range(12):
            start = time.perf_counter()
            network.extract_features(images) if name.startswith("eff") else network(images)
            times.append(time.perf_counter() - start)
    print(f"{name}: PyTorch {1000 * statistics.median(times[2:]):.1f} ms")


def main():
    parser = argparse.ArgumentParser(description="Compares the feature networks with PyTorch's.")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", default=NETWORKS)
    parser.add_argument("--lite0", help="the real weights of EfficientNet-Lite0")
    parser.add_argument("--photographs", action="store_true", help="compare scikit-image's photographs too")
    parser.add_argument("--seconds", action="store_true", help="time PyTorch's passage instead")
    parser.add_argument("--fixture", help="write what our tests compare with to this file")
    arguments = parser.parse_args()
    if arguments.fixture:
        lines = [
            f'"{name}": {{\n' + ",\n".join(f'  "{layer}": {json.dumps(row)}' for layer, row in layers.items()) + "\n}"
            for name, layers in fixture(arguments.networks).items()
        ]
        Path(arguments.fixture).write_text("{\n" + ",\n".join(lines) + "\n}\n")
        return
    equal = True
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        for name in arguments.networks:
            network = make(name)
            real = arguments.lite0 if name == "efficientnet-lite0" else None
            if real:
                network.load_state_dict(torch.load(real, map_location="cpu", weights_only=True))
            weights = folder / "weights.safetensors"
            save_file(network.state_dict(), weights)
            if arguments.seconds:
                seconds(name, network, weights, folder)
                continue
            for width, height in [(224, 224), (161, 123)]:
                equal &= compare(
                    name, network, weights, noise_and_waves(width, height), folder, f"noise {width}x{height}")
            if arguments.photographs:
                from skimage import data

                for photograph in ("astronaut", "coffee", "chelsea"):
                    whole = Image.fromarray(getattr(data, photograph)())
                    side = min(whole.size)
                    left, top = (whole.width - side) // 2, (whole.height - side) // 2
                    square = whole.crop((left, top, left + side, top + side)).resize((224, 224), Image.BICUBIC)
                    equal &= compare(name, network, weights, np.array(square), folder, photograph)
            weights.unlink()
    sys.exit(0 if equal else 1)


main()
