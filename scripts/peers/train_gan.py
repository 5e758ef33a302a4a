#!/usr/bin/env python3
"""Trains one of the experiments' adversarial networks in PyTorch, and writes its samples.

    python scripts/peers/train_gan.py dcgan|wgan-gp|sngan SAMPLES.npy [--seed N] [--steps N] [--count N]

The networks, their first weights, the objectives, the optimisers, the batch and the generator's moving
average are those of experiments/NAME-fashion.yaml; only the random numbers are others. A step is one update
of the discriminator. The samples, uint8 [count, 1, 28, 28], are what 'atelier evaluate --samples' measures.

Needs PyTorch and Debian's dataset-fashion-mnist. PEERS_THREADS is the number of threads, 2 unless set.
"""

import argparse
import copy
import gzip
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

DATA = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
BATCH, LATENTS, DECAY = 64, 64, 0.999
CHANNELS = {"dcgan": 64, "wgan-gp": 64, "sngan": 32}
RATES = {
    "dcgan": dict(lr=2e-4, betas=(0.5, 0.999)),
    "wgan-gp": dict(lr=4e-4, betas=(0.5, 0.9)),
    "sngan": dict(lr=2e-4, betas=(0.0, 0.9)),
}


class Block(nn.Module):
    """Two convolutions of 3x3 beside a way that keeps the image, of twice or half the size or the same."""

    def __init__(self, inputs, outputs, resizing, norms=False, active=True):
        super().__init__()
        within = inputs if resizing == "halve" and active else outputs
        self.first = nn.Conv2d(inputs, within, 3, padding=1)
        self.second = nn.Conv2d(within, outputs, 3, padding=1)
        plain = inputs == outputs and resizing == "none"
        self.shortcut = nn.Identity() if plain else nn.Conv2d(inputs, outputs, 1)
        self.norm1 = nn.BatchNorm2d(inputs) if norms else nn.Identity()
        self.norm2 = nn.BatchNorm2d(within) if norms else nn.Identity()
        self.resizing, self.active = resizing, active

    def forward(self, x):
        double, halve = self.resizing == "double", self.resizing == "halve"
        y = F.relu(self.norm1(x)) if self.active else x
        y = self.first(F.interpolate(y, scale_factor=2) if double else y)
        y = self.second(F.relu(self.norm2(y)))
        short = self.shortcut(F.avg_pool2d(x, 2) if halve else x)
        if halve:
            return F.avg_pool2d(y, 2) + short
        return y + (F.interpolate(short, scale_factor=2) if double else short)


class SumOfPlaces(nn.Module):
    def forward(self, x):
        return F.relu(x).sum((2, 3))


def networks(model):
    """The generator and the discriminator."""
    c = CHANNELS[model]
    if model == "sngan":
        generator = nn.Sequential(
            nn.Linear(LATENTS, c * 49), nn.Unflatten(1, (c, 7, 7)),
            Block(c, c, "double", norms=True), Block(c, c, "double", norms=True),
            nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, 1, 3, padding=1), nn.Tanh())
        discriminator = nn.Sequential(
            Block(1, c, "halve", active=False), Block(c, c, "halve"), Block(c, c, "none"), SumOfPlaces(),
            nn.Linear(c, 1))
    else:
        normalizes = model == "dcgan"
        generator = nn.Sequential(
            nn.Linear(LATENTS, 2 * c * 49, bias=False), nn.Unflatten(1, (2 * c, 7, 7)),
            nn.BatchNorm2d(2 * c), nn.ReLU(), nn.ConvTranspose2d(2 * c, c, 4, 2, 1, bias=False),
            nn.BatchNorm2d(c), nn.ReLU(), nn.ConvTranspose2d(c, 1, 4, 2, 1), nn.Tanh())
        middle = [nn.BatchNorm2d(2 * c)] if normalizes else []
        discriminator = nn.Sequential(
            nn.Conv2d(1, c, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(c, 2 * c, 4, 2, 1, bias=not normalizes), *middle, nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(2 * c * 49, 1))
    for layer in [*generator.modules(), *discriminator.modules()]:
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            if model == "sngan":
                nn.init.xavier_uniform_(layer.weight)
            else:
                nn.init.normal_(layer.weight, 0, 0.02)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    if model == "sngan":
        for layer in list(discriminator.modules()):
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                spectral_norm(layer)
    return generator, discriminator


def discriminator_loss(model, discriminator, real, fake):
    if model == "wgan-gp":
        share = torch.rand(len(real), 1, 1, 1)
        places = (share * real + (1 - share) * fake).requires_grad_()
        slopes, = torch.autograd.grad(discriminator(places).sum(), places, create_graph=True)
        penalty = (slopes.flatten(1).norm(dim=1) - 1).square().mean()
        return discriminator(fake).mean() - discriminator(real).mean() + 10 * penalty
    of_real, of_fake = discriminator(real), discriminator(fake)
    if model == "sngan":
        return F.relu(1 - of_real).mean() + F.relu(1 + of_fake).mean()
    return F.softplus(-of_real).mean() + F.softplus(of_fake).mean()


def generator_loss(model, scores):
    return F.softplus(-scores).mean() if model == "dcgan" else -scores.mean()


def batches(images):
    """Endless batches in -1 ... 1; each epoch in an order of its own."""
    while True:
        order = torch.randperm(len(images))
        for start in range(0, len(images) - BATCH + 1, BATCH):
            yield images[order[start:start + BATCH]].float() / 127.5 - 1


@torch.no_grad()
def move(average, generator, moves):
    """Moves the average towards the generator, running statistics too."""
    decay = min(DECAY, (moves + 1) / (moves + 10))
    for old, new in zip(average.state_dict().values(), generator.state_dict().values()):
        if old.is_floating_point():
            old.mul_(decay).add_(new, alpha=1 - decay)


def train(model, images, steps):
    """The average of the generator after so many updates of the discriminator."""
    generator, discriminator = networks(model)
    average = copy.deepcopy(generator).eval()
    of_generator = torch.optim.Adam(generator.parameters(), **RATES[model])
    of_discriminator = torch.optim.Adam(discriminator.parameters(), **RATES[model])
    each, moves, began = 2 if model == "wgan-gp" else 1, 0, time.monotonic()
    for step, real in zip(range(steps), batches(images)):
        with torch.no_grad():
            fake = generator(torch.randn(BATCH, LATENTS))
        of_discriminator.zero_grad()
        loss = discriminator_loss(model, discriminator, real, fake)
        loss.backward()
        of_discriminator.step()
        if (step + 1) % each == 0:
            discriminator.requires_grad_(False)
            of_generator.zero_grad()
            generator_loss(model, discriminator(generator(torch.randn(BATCH, LATENTS)))).backward()
            of_generator.step()
            discriminator.requires_grad_(True)
            move(average, generator, moves)
            moves += 1
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}/{steps}  discriminatorLoss {loss.item():.4f}  "
                  f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return average


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", choices=sorted(CHANNELS))
    parser.add_argument("samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=9370)
    parser.add_argument("--count", type=int, default=10_000)
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("PEERS_THREADS", "2")))
    torch.manual_seed(options.seed)
    with gzip.open(DATA) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    average = train(options.model, torch.from_numpy(images.copy()), options.steps)
    with torch.no_grad():
        made = [average(torch.randn(100, LATENTS)) for _ in range((options.count + 99) // 100)]
    pixels = ((torch.cat(made)[:options.count] + 1) * 127.5).round().clamp(0, 255)
    np.save(options.samples, pixels.to(torch.uint8).numpy())


if __name__ == "__main__":
    main()
