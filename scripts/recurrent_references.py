#!/usr/bin/env python3
"""Writes Tests/NeuralNetworksTests/Support/RecurrentReferences.swift: what PyTorch makes of the
recurrent layers and of CTC, forwards and backwards, in double precision.

    python3 scripts/recurrent_references.py > Tests/NeuralNetworksTests/Support/RecurrentReferences.swift
    swift format -i Tests/NeuralNetworksTests/Support/RecurrentReferences.swift

Inputs are waves, which the tests make again: element i of wave k is sin(0.7 i + k) / 2.
"""

import math

import torch

STEPS, BATCH, INPUTS, HIDDEN = 3, 2, 3, 2
LABELS = [[1, 2, 2, 0], [3, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]
STEP_COUNTS, LABEL_COUNTS, CLASSES = [7, 5, 3, 6], [3, 1, 0, 4], 4


def wave(shape, k):
    count = math.prod(shape)
    values = [math.sin(0.7 * i + k) / 2 for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def numbers(tensor):
    return "[" + ", ".join(f"{x:.9g}" for x in tensor.detach().flatten().tolist()) + "]"


def recurrent(kind, bidirectional, has_initial):
    layer = getattr(torch.nn, {"SimpleRNN": "RNN"}.get(kind, kind))(
        INPUTS, HIDDEN, bidirectional=bidirectional, dtype=torch.float64)
    with torch.no_grad():
        for k, (_, parameter) in enumerate(layer.named_parameters()):
            parameter.copy_(wave(parameter.shape, k + 1))
    x = wave((STEPS, BATCH, INPUTS), 0).requires_grad_()
    states = [wave((1, BATCH, HIDDEN), 20 + k).requires_grad_()
              for k in range(2 if kind == "LSTM" else 1)] if has_initial else []
    initial = (tuple(states) if kind == "LSTM" else states[0]) if states else None
    output, final = layer(x, initial)
    final = list(final) if kind == "LSTM" else [final]
    loss = (output * wave(output.shape, 30)).sum()
    if has_initial:
        for k, state in enumerate(final):
            loss = loss + (state * wave(state.shape, 40 + k)).sum()
    loss.backward()
    # The input, the parameters, the initial states.
    gradients = [x.grad] + [p.grad for p in layer.parameters()] + [s.grad for s in states]
    return output, final if has_initial else [], gradients


def write_recurrent():
    for kind in ["SimpleRNN", "GRU", "LSTM"]:
        for name, bidirectional, has_initial in [
                ("", False, False), ("Stateful", False, True), ("Bidirectional", True, False)]:
            output, final, gradients = recurrent(kind, bidirectional, has_initial)
            print(f"  static let {kind[0].lower() if kind == 'SimpleRNN' else ''}"
                  f"{kind[1:] if kind == 'SimpleRNN' else kind.lower()}{name} = RecurrentReference(")
            print(f"    output: {numbers(output)},")
            print(f"    states: [{', '.join(numbers(s) for s in final)}],")
            print(f"    gradients: [{', '.join(numbers(g) for g in gradients)}])")


def write_ctc():
    logits = wave((max(STEP_COUNTS), len(LABELS), CLASSES), 3).requires_grad_()

    def losses(zero_infinity):
        return torch.nn.functional.ctc_loss(
            logits.log_softmax(2), torch.tensor(LABELS), torch.tensor(STEP_COUNTS),
            torch.tensor(LABEL_COUNTS), blank=0, reduction="none", zero_infinity=zero_infinity)

    assert losses(False).isfinite().tolist() == [True] * (len(LABELS) - 1) + [False]
    (losses(True) * wave((len(LABELS),), 5)).sum().backward()
    print("  /// The loss of each sequence but the last, which cannot be spelled.")
    print(f"  static let ctcLosses: [Double] = {numbers(losses(False)[:-1])}")
    print("  /// Of the losses weighted by wave 5, that of the last sequence left out.")
    print(f"  static let ctcGradient: [Double] = {numbers(logits.grad)}")


print("""/// What PyTorch makes of the recurrent layers and of CTC, in double precision. Written by
/// scripts/recurrent_references.py, which says from what.
struct RecurrentReference: Sendable {
  let output: [Double]
  let states: [[Double]]
  /// Of the input, of the parameters in order, of the initial states.
  let gradients: [[Double]]
""")
write_recurrent()
write_ctc()
print("}")
