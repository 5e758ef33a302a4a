"""Writes a state of parameters as torch.save does, without PyTorch."""

import collections
import io
import pickle
import struct
import sys
import types

from proof import npz

# What torch.load's first two numbers are in the format before 1.6, a file of pickles in a row.
LEGACY_MAGIC, LEGACY_PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": 1001, "little_endian": True,
          "type_sizes": {"short": 2, "int": 4, "long": 4}}


class Tensor:
    """A tensor of zeros on a storage of its own. Every field can lie: a storage of which a count is
    given holds 24 bytes, whatever that is."""

    def __init__(self, key, shape, strides=None, offset=0, count=None, storage="FloatStorage"):
        self.key, self.shape, self.offset = key, tuple(shape), offset
        self.strides = strides
        if strides is None:
            self.strides, step = [], 1
            for extent in reversed(shape):
                self.strides.insert(0, step)
                step *= extent
        self.count = count if count is not None else max(
            1, sum((extent - 1) * step for extent, step in zip(shape, self.strides)) + 1)
        self.content = bytes(4 * self.count if count is None else 24)
        self.storage = storage

    def __reduce__(self):
        hooks = collections.OrderedDict()
        return rebuilt, (Storage(self), self.offset, self.shape, tuple(self.strides), False, hooks)


class Storage:
    """What a pickle refers to by a tuple."""

    def __init__(self, tensor):
        self.tensor = tensor


def named(module, name):
    """Something that pickles as a name of a module that need not be installed."""
    for name_of_package in (module.split(".")[0], module):
        found = sys.modules.setdefault(name_of_package, types.ModuleType(name_of_package))
    if not hasattr(found, name):
        value = type(name, (), {"__module__": module, "__qualname__": name})
        setattr(found, name, value)
    return getattr(found, name)


rebuilt = named("torch._utils", "_rebuild_tensor_v2")


class Pickler(pickle.Pickler):
    def __init__(self, file, legacy):
        super().__init__(file, protocol=2)
        self.legacy = legacy

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        tensor = value.tensor
        place = ("storage", named("torch", tensor.storage), tensor.key, "cpu", tensor.count)
        return (*place, None) if self.legacy else place


def pickled(state, legacy=False):
    """The pickle of an ordered dictionary of names and `Tensor`s."""
    file = io.BytesIO()
    Pickler(file, legacy).dump(collections.OrderedDict(state))
    return file.getvalue()


def archive(state, document=None):
    """A file as PyTorch writes it since 1.6; `document` stands for the pickle of the state."""
    members = {"data.pkl": pickled(state) if document is None else document,
               "byteorder": b"little", "version": b"3\n"}
    for tensor in state.values():
        members[f"data/{tensor.key}"] = tensor.content
    return npz({f"archive/{name}": content for name, content in members.items()})


def legacy(state, document=None, counts=None):
    """A file as PyTorch wrote it before; `counts` is what the storages say of their lengths."""
    keys = [tensor.key for tensor in state.values()]
    whole = [pickle.dumps(part, 2) for part in (LEGACY_MAGIC, LEGACY_PROTOCOL, SYSTEM)]
    whole += [pickled(state, True) if document is None else document, pickle.dumps(keys, 2)]
    for place, tensor in enumerate(state.values()):
        count = counts[place] if counts else tensor.count
        whole.append(struct.pack("<Q", count & (1 << 64) - 1) + tensor.content)
    return b"".join(whole)
