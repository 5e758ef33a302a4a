#!/usr/bin/env python3
"""Holds a picture optimised by Atelier against the same steps in PyTorch.

    python scripts/peers/compare_style.py FOLDER [--size N] [--steps N] [--rate R] [--network vgg19]
        [--form pth|safetensors]

Draws random weights of torchvision's network, writes them and two pictures into FOLDER, has Atelier take so many
steps of Adam, and takes the same ones itself, in double precision and in single. Prints how far Atelier, and PyTorch
in single precision, are from double precision: the greatest relative difference of every term of the loss over all
steps, the mean difference of the pictures in steps of 1/255, and the greatest relative difference of the Gram matrices
of the last picture. Adam goes a whole step where a gradient is next to nothing and rounding decides its sign, so large
steps lead every program somewhere else. Ends with 1 where a term is more than 1e-3 away or the pictures more than 1,
and PyTorch is not.

Needs PyTorch, torchvision and safetensors. ATELIER_BIN names the program, ./atelier unless set.
"""

import argparse
import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
STYLE = {"vgg19": (1, 6, 11, 20, 29), "vgg16": (3, 8, 15, 22)}  # relu1_1 relu2_1 ..., relu1_2 relu2_2 ...
CONTENT = {"vgg19": 22, "vgg16": 15}  # relu4_2, relu3_3
CONTENT_WEIGHT, STYLE_WEIGHT, VARIATION_WEIGHT = 1.0, 10.0, 1.0


def pictures(size):
    """Content and style, uint8 [size, size, 3]: smooth waves with edges, and stripes, both with grain: where a picture is
    flat, gradients are next to nothing."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    content = np.stack([0.5 + 0.35 * np.sin(6 * x + 3 * y), 0.5 + 0.35 * np.cos(5 * y), 0.3 + 0.4 * (x > y)], -1)
    stripes = np.sign(np.sin(60 * (x + 0.3 * y))) * np.sign(np.sin(45 * (y - 0.5 * x)))
    style = np.stack([stripes > 0, np.roll(stripes, 3, 0) > 0, np.roll(stripes, 5, 1) < 0], -1)
    grain = np.random.default_rng(1)
    return [
        (np.clip(0.1 + 0.8 * p + 0.1 * grain.standard_normal(p.shape), 0, 1) * 255).round().astype(np.uint8)
        for p in (content, style.astype(np.float32))
    ]


def relative(features, target):
    return (features - target).square().sum() / target.square().sum()


def gram(features):
    _, c, h, w = features.shape
    flat = features.reshape(c, h * w)
    return flat @ flat.T / (c * h * w)


def optimised(net, name, content, style, steps, rate):
    mean, deviation = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    last = max(STYLE[name] + (CONTENT[name],))

    def features(picture):
        x, found = (picture - mean) / deviation, {}
        for i, layer in enumerate(net[: last + 1]):
            x = layer(x)
            if i in STYLE[name] or i == CONTENT[name]:
                found[i] = x
        return found

    with torch.no_grad():
        wanted = features(content)[CONTENT[name]]
        grams = [gram(f) for f in map(features(style).get, STYLE[name])]
    picture = content.clone().requires_grad_()
    adam = torch.optim.Adam([picture], lr=rate)
    terms = []
    for _ in range(steps):
        adam.zero_grad()
        found = features(picture)
        kept = relative(found[CONTENT[name]], wanted)
        painted = sum(relative(gram(found[i]), g) for i, g in zip(STYLE[name], grams)) / len(grams)
        uneven = sum((torch.diff(picture, dim=d) ** 2).mean() for d in (2, 3))
        loss = CONTENT_WEIGHT * kept + STYLE_WEIGHT * painted + VARIATION_WEIGHT * uneven
        loss.backward()
        adam.step()
        with torch.no_grad():
            picture.clamp_(0, 1)
        terms.append({"loss": loss, "content": kept, "style": painted, "variation": uneven})
    return picture.detach(), [{k: v.item() for k, v in t.items()} for t in terms], features


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--rate", type=float, default=0.0005)
    parser.add_argument("--network", choices=STYLE, default="vgg19")
    parser.add_argument("--form", choices=["pth", "safetensors"], default="pth")
    arguments = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("PEERS_THREADS", "2")))
    torch.manual_seed(1)
    folder, name = arguments.folder, arguments.network
    folder.mkdir(parents=True, exist_ok=True)
    convolutions = torchvision.models.vgg.make_layers(torchvision.models.vgg.cfgs["E" if name == "vgg19" else "D"])
    for layer in convolutions:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.uniform_(layer.bias, -0.1, 0.1)
        if isinstance(layer, nn.ReLU):
            layer.inplace = False
    convolutions.requires_grad_(False)
    state = {f"features.{k}": v for k, v in convolutions.state_dict().items()}
    weights = folder / f"{name}.{arguments.form}"
    torch.save(state, weights) if arguments.form == "pth" else save_file(state, weights)
    content, style = pictures(arguments.size)
    for image, stem in ((content, "content"), (style, "style")):
        Image.fromarray(image).save(folder / f"{stem}.png")

    run = subprocess.run(
        [
            os.environ.get("ATELIER_BIN", "./atelier"), "run", "style-gatys", "--out", str(folder / "runs"), "--json",
            "--quiet", f"content={folder}/content.png", f'style=["{folder}/style.png"]', f"size={arguments.size}",
            f"features.network={name}", f"features.weights={weights}", f"contentWeight={CONTENT_WEIGHT}",
            f"styleWeight={STYLE_WEIGHT}", f"variationWeight={VARIATION_WEIGHT}", f"optimizer.learningRate={arguments.rate}",
            "initial=content", "scales=1", "statistics=gram", "colours=style", "train.epochs=1", f"epochSteps={arguments.steps}", "train.logEvery=1",
        ],
        check=True, stdout=subprocess.PIPE, text=True,
    )
    out = Path(json.loads(run.stdout)["folder"])
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    ours = [line for line in lines if line["kind"] == "train"]

    def tensor(image, type):
        return torch.from_numpy(image).permute(2, 0, 1)[None].to(type) / 255

    def reference(type):
        torch.set_default_dtype(type)
        net = copy.deepcopy(convolutions).to(type)
        return optimised(net, name, tensor(content, type), tensor(style, type), arguments.steps, arguments.rate)

    single, its_terms, _ = reference(torch.float32)
    exact, terms, features = reference(torch.float64)
    [checkpoint] = sorted((out / "checkpoints").glob("*.safetensors"))[-1:]
    mine = load_file(checkpoint)["picture.0"]

    def report(what, ours, theirs, bar):
        print(f"{what:10} Atelier {ours:.2e}   PyTorch in single precision {theirs:.2e}")
        return ours < max(bar, theirs)

    def farthest(one, term):
        floor = 1e-6 * terms[-1]["loss"]
        return max(abs(a[term] - b[term]) / max(abs(b[term]), floor) for a, b in zip(one, terms, strict=True))

    def gram_difference(picture):
        found, exactly = features(picture.double()), features(exact)
        return max(
            ((gram(found[i]) - gram(exactly[i])).abs().max() / gram(exactly[i]).abs().max()).item() for i in STYLE[name])

    print(f"differences from double precision in {arguments.steps} steps of {arguments.rate}")
    good = [report(term, farthest(ours, term), farthest(its_terms, term), 1e-3)
            for term in ("loss", "content", "style", "variation")]
    good.append(report("gram", gram_difference(mine), gram_difference(single), 1e-3))
    good.append(
        report("picture", *((p.double() - exact).abs().mean().item() * 255 for p in (mine, single)), 1))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
