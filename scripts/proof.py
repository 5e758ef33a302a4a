"""What the proofs of this folder share: running the program, making data, comparing runs.

ATELIER_BIN names another program than ./atelier.
"""

import gzip
import hashlib
import io
import os
import resource
import random
import re
import struct
import subprocess
import tempfile
import threading
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ATELIER = os.environ.get("ATELIER_BIN", str(ROOT / "atelier"))

# Experiments of every module; without the files of their data the autoencoders take the shapes that
# the program draws.
EXPERIMENTS = ["classify-fashion", "cyclegan-sprites", "dcgan-fashion", "dqn-cartpole",
               "pix2pix-sprites", "rainbow-minatar-breakout", "table-taxi", "vae-conv-fashion",
               "vae-fashion", "vae-fashion-20", "vae-sprites", "wgan-gp-ring"]

# What makes them short; agents learn and are measured in that time.
SHORT_AGENT = ["trainEvery=40", "learningStarts=40", "replay.capacity=300", "batchSize=8",
               "evaluation.episodes=2", "evaluation.stepLimit=40"]
SHORT = {
    "classify": ["imageLimit=400", "batchSize=16", "channels=[4, 8]"],
    "cyclegan": ["imageLimit=64", "pool=12"],
    "dcgan": ["imageLimit=400", "batchSize=16"],
    "dqn": SHORT_AGENT,
    "pix2pix": ["imageLimit=64"],
    "rainbow": SHORT_AGENT,
    "table": ["evaluation.episodes=2"],
    "vae": ["imageLimit=2000"],
    "wgan": ["batchSize=16", "generator.hidden=[8]", "discriminator.hidden=[8]"],
}


def short(experiment):
    """The keys that make an experiment short."""
    return SHORT[experiment.split("-")[0]]

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
COUNT, TEST_COUNT, SIDE = 512, 256, 28


class Failure(Exception):
    """A proof cannot be carried out."""


# Running the program ---------------------------------------------------------------------------


def environment(folder):
    """This process's, without what would lead the program to other data or experiments."""
    inherited = {key: value for key, value in os.environ.items() if key != "ATELIER_DATA"}
    return {**inherited, "ATELIER_HOME": str(ROOT), "PWD": str(folder)}


def atelier(arguments, folder, seconds=None, address_space=None, **variables):
    """Runs the program; what it would write by default lands in `folder`. With `address_space` it
    may map so many bytes."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

    return subprocess.run(
        [ATELIER, *arguments], cwd=folder, env={**environment(folder), **variables},
        timeout=seconds, stdin=subprocess.DEVNULL, capture_output=True, check=False,
        preexec_fn=limit if address_space else None)


@dataclass
class Outcome:
    """How the program ended, what it wrote, and what it took: processor time and memory."""

    code: int
    stdout: bytes
    stderr: str
    seconds: float
    peak: int  # Bytes; at least those that this script takes itself.


def measured(arguments, folder, seconds=120):
    """Runs the program and measures it; after so many seconds it is killed."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            [ATELIER, *arguments], cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=stderr,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        alarm = threading.Timer(seconds, process.kill)
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        return Outcome(
            process.returncode, stdout.read(), stderr.read().decode(errors="replace"),
            usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10)


def start(arguments, log):
    """Starts the program in a process group of its own, talking to the file `log`."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            [ATELIER, *arguments], cwd=log.parent, env=environment(log.parent),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


def run_folder(outputs, process):
    """The folder of the run in `outputs`, once the process has begun it there."""
    while True:
        ended = process.poll() is not None
        for record in outputs.glob("*/run.json"):
            return record.parent
        if ended:
            raise Failure(f"exit code {process.returncode}, and no run in {outputs}")
        time.sleep(0.002)


def resume(run, log):
    """Resumes a run and returns the process as soon as it trains, or has ended."""
    before = log.read_text(errors="replace").count("resumes at step")
    process = start(["resume", str(run)], log)
    while log.read_text(errors="replace").count("resumes at step") == before:
        if process.poll() is not None:
            break
        time.sleep(0.005)
    return process


def trapped(code, stderr):
    """Whether the program was ended by a trap or a signal instead of ending itself."""
    return code < 0 or code >= 128 or "Fatal error" in stderr


# Making data -----------------------------------------------------------------------------------


def noise(count, below=256):
    """`count` bytes below `below` that are the same in every run."""
    return bytes(value * below >> 8 for value in random.Random(count).randbytes(count))


def idx(magic, sizes, values):
    """An IDX file: magic number, sizes, values; the numbers big-endian."""
    return struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + values


def images(count, sizes=None, magic=0x803):
    """Pictures of noise. `sizes` is what the header says, whatever is true."""
    return idx(magic, sizes or (count, SIDE, SIDE), noise(count * SIDE * SIDE))


def labels(count, sizes=None, magic=0x801, below=10):
    """Random labels. `sizes` is what the header says, whatever is true."""
    return idx(magic, sizes or (count,), noise(count, below))


def packed(content):
    """The content as a gzip file without a time."""
    return gzip.compress(content, 1, mtime=0)


def write_data(folder):
    """A whole data set of noise in the files and format of Fashion-MNIST."""
    folder.mkdir(parents=True)
    (folder / IMAGES).write_bytes(packed(images(COUNT)))
    (folder / LABELS).write_bytes(packed(labels(COUNT)))
    (folder / TEST_IMAGES).write_bytes(packed(images(TEST_COUNT)))
    (folder / TEST_LABELS).write_bytes(packed(labels(TEST_COUNT)))


# Making other files ---------------------------------------------------------------------------

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(
        ">I", zlib.crc32(name + content))


def npy(code, shape, content, fortran_order=False, version=1):
    """An npy file of numbers of the type that NumPy calls `code`."""
    extents = "".join(f"{extent}, " for extent in shape)
    header = f"{{'descr': '{code}', 'fortran_order': {fortran_order}, 'shape': ({extents}), }}"
    return npy_file((header + " " * (117 - len(header)) + "\n").encode(), content, version)


def npy_file(header, content, version=1):
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + content


def npz(members, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


# Comparing runs --------------------------------------------------------------------------------


def last_checkpoint(run):
    """The checkpoint of the highest step, or None."""
    return max(
        (run / "checkpoints").glob("*.safetensors"), default=None,
        key=lambda path: [int(digits) for digits in re.findall(r"\d+", path.stem)])


def fingerprint(run):
    """SHA-256 by name of everything that must not differ between two runs."""
    checkpoint = last_checkpoint(run)
    pictures = sorted(
        path for path in (run / "images").rglob("*") if path.suffix in {".png", ".gif", ".csv"})
    if checkpoint is None or not pictures:
        raise Failure(f"{run} has no checkpoint or no picture: nothing to compare")
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [checkpoint, run / "metrics.jsonl", *pictures]}


def differences(reference, other):
    """The names of what two fingerprints do not have in common."""
    return [
        name for name in sorted(reference.keys() | other.keys())
        if reference.get(name) != other.get(name)]
