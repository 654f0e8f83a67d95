"""Encoding and decoding with the bundled VAE's network in PyTorch; requests as in `answering.py`."""
import os
import time

import numpy as np
import torch
from torch import nn
from answering import serve

torch.set_num_threads(int(os.environ["DARKROOM_THREADS"]))


def dense(*widths, last=None):
    stack = []
    for a, b in zip(widths, widths[1:]):
        stack += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*stack[:-1], *([last] if last else [])).eval()


networks = {"encode": dense(784, 500, 500, 40), "decode": dense(20, 500, 500, 784, last=nn.Sigmoid())}


def answer(request):
    """Numbers in, numbers out, as a program uses it; warmed up."""
    network = networks[request.do]
    x = np.random.rand(request.rows, network[0].in_features).astype("float32")
    with torch.inference_mode():
        for _ in range(3):
            network(torch.from_numpy(x)).numpy()
        begun = time.perf_counter()
        for _ in range(request.repetitions):
            network(torch.from_numpy(x)).numpy()
    return (time.perf_counter() - begun) * 1000 / request.repetitions


serve(answer)
