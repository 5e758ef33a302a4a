#!/usr/bin/env python3
"""Measures a run of the module fast-style anew in PyTorch: the same weights, the same pictures.

    python scripts/peers/check_fast_style.py features FEATURES.safetensors [--seed N]
    python scripts/peers/check_fast_style.py pictures FOLDER PICTURE ...
    python scripts/peers/check_fast_style.py compare RUN FOLDER

`features` draws weights of VGG-19 as torchvision names them, and `pictures` brings pictures to 64x64, so that
neither program has to resize them. A run to compare is begun with

    atelier run style-fast-train dataset=folder:FOLDER imageSize=64 cropSize=64 styleSize=64 batchSize=2 \
      'styles=[FOLDER/A.png, FOLDER/B.png]' features.weights=FEATURES.safetensors train.stepLimit=4

and `compare` prints the losses of its last evaluation beside PyTorch's and their relative difference; it fails
above 1e-3. Needs PyTorch, Pillow and safetensors.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

SIZE, TOLERANCE = 64, 1e-3
DEPTHS, WIDTHS = [2, 2, 4, 4, 4], [64, 128, 256, 512, 512]
STYLE, CONTENT = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"], "relu4_2"


def encoder():
    """VGG-19's convolutions, and the places of its ReLUs by their names."""
    layers, places, inputs = [], {}, 3
    for block, (depth, width) in enumerate(zip(DEPTHS, WIDTHS), 1):
        for layer in range(1, depth + 1):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
            places[f"relu{block}_{layer}"] = len(layers) - 1
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers), places


def features(network, places, x):
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    names, found = {place: name for name, place in places.items()}, {}
    x = (x - mean) / deviation
    for place, layer in enumerate(network):
        x = layer(x)
        if place in names:
            found[names[place]] = x
    return found


def transform(state, x, styles):
    """The network that draws, with what each style counts for."""

    def stage(name, x, stride=1, factor=1):
        weight = state[f"transform.{name}.convolution.weight"]
        x = F.interpolate(x, scale_factor=factor) if factor > 1 else x
        x = F.pad(x, [weight.shape[-1] // 2] * 4, mode="reflect")
        x = F.instance_norm(
            F.conv2d(x, weight, state[f"transform.{name}.convolution.bias"], stride=stride)
        )
        scale = (styles @ state[f"transform.{name}.norm.weight"])[:, :, None, None]
        return x * scale + (styles @ state[f"transform.{name}.norm.bias"])[:, :, None, None]

    def count(kind):
        return 1 + max(int(m[1]) for m in (re.match(rf"transform\.{kind}\.(\d+)\.", k) for k in state) if m)

    for place in range(count("down")):
        x = F.relu(stage(f"down.{place}", x, stride=2 if place else 1))
    for place in range(count("blocks")):
        y = F.relu(stage(f"blocks.{place}.first", x))
        x = x + stage(f"blocks.{place}.second", y)
    for place in range(count("up")):
        x = F.relu(stage(f"up.{place}", x, factor=2))
    weight = state["transform.output.weight"]
    x = F.pad(x, [weight.shape[-1] // 2] * 4, mode="reflect")
    return 0.5 + 150 / 255 * torch.tanh(F.conv2d(x, weight, state["transform.output.bias"]))


def gram(x):
    flat = x.flatten(2)
    return flat @ flat.transpose(1, 2) / x[0].numel()


def distance(x, target):
    axes = list(range(1, x.dim()))
    return ((x - target) ** 2).sum(axes) / (target**2).sum(axes)


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def tensor(path):
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255
    if pixels.shape != (SIZE, SIZE, 3):
        sys.exit(f"{path} is not {SIZE}x{SIZE}; prepare the folder with 'pictures'")
    return torch.from_numpy(pixels).permute(2, 0, 1)[None]


def setting(run, key):
    """The value of a key of the run's config.yaml; the last part of its path is enough."""
    for line in (run / "config.yaml").read_text().splitlines():
        match = re.match(rf"\s*{key}:\s*(.*?)\s*(#.*)?$", line)
        if match:
            return match[1].strip('"')
    sys.exit(f"{run}/config.yaml has no {key}")


def compare(run, folder):
    torch.set_grad_enabled(False)
    state = load_file(sorted((run / "checkpoints").glob("*.safetensors"))[-1])
    network, places = encoder()
    weights = load_file(setting(run, "weights"))
    network.load_state_dict({name.removeprefix("features."): value for name, value in weights.items()})
    paths = [path.strip(' "') for path in setting(run, "styles").strip("[]").split(",")]
    grams = [features(network, places, tensor(path)) for path in paths]
    names = sorted(path.name for path in folder.glob("*.png"))
    test = [name for name in names if crc32c(name.encode()) % 10 == 0]
    test = test or sorted(names, key=lambda name: crc32c(name.encode()))[:1]
    sums = np.zeros(3)
    for name in test:
        picture = tensor(folder / name)
        target = features(network, places, picture)[CONTENT]
        for number, style in enumerate(grams):
            chosen = F.one_hot(torch.tensor([number]), len(grams)).float()
            drawn = transform(state, picture, chosen)
            found = features(network, places, drawn)
            sums += [
                distance(found[CONTENT], target).item(),
                sum(distance(gram(found[n]), gram(style[n])).item() for n in STYLE) / len(STYLE),
                ((drawn.diff(dim=2) ** 2).mean() + (drawn.diff(dim=3) ** 2).mean()).item(),
            ]
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    ours = [line for line in lines if "content" in line and line.get("kind") != "step"][-1]
    worst = 0
    print(f"{'measure':10} {'atelier':>12} {'PyTorch':>12} {'difference':>11}")
    for measure, theirs in zip(["content", "style", "variation"], sums / (len(test) * len(grams))):
        difference = abs(ours[measure] - theirs) / abs(theirs)
        worst = max(worst, difference)
        print(f"{measure:10} {ours[measure]:12.6g} {theirs:12.6g} {difference:11.2e}")
    sys.exit(1 if worst > TOLERANCE else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("features")
    command.add_argument("file")
    command.add_argument("--seed", type=int, default=1)
    command = commands.add_parser("pictures")
    command.add_argument("folder", type=Path)
    command.add_argument("pictures", nargs="+", type=Path)
    command = commands.add_parser("compare")
    command.add_argument("run", type=Path)
    command.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "features":
        torch.manual_seed(arguments.seed)
        network, _ = encoder()
        for layer in network:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight)
                nn.init.uniform_(layer.bias, -0.05, 0.05)
        save_file({f"features.{name}": value for name, value in network.state_dict().items()}, arguments.file)
    elif arguments.command == "pictures":
        arguments.folder.mkdir(exist_ok=True)
        for path in arguments.pictures:
            image = Image.open(path).convert("RGB").resize((SIZE, SIZE), Image.Resampling.BOX)
            image.save(arguments.folder / f"{path.stem}.png")
    else:
        compare(arguments.run, arguments.folder)


if __name__ == "__main__":
    main()
