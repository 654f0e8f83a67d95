"""The training workloads in PyTorch; requests as in `answering.py`."""
import os
import time
from contextlib import nullcontext

import torch
from answering import mlp_widths, serve
from torch import nn
from torch.nn import functional

torch.set_num_threads(int(os.environ["DARKROOM_THREADS"]))


def mlp(size):
    widths = [size.side**2, *mlp_widths(size), size.side**2]
    parts = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        parts.append(nn.Linear(inputs, outputs))
        if i not in (2, 5):
            parts.append(nn.ReLU())
    return nn.Sequential(*parts, nn.Sigmoid())


def encoder(size):
    first, second = round(32 * size.width), round(64 * size.width)
    return nn.Sequential(
        nn.Conv2d(1, first, 3, 2, 1), nn.ReLU(), nn.Conv2d(first, second, 3, 2, 1), nn.ReLU(), nn.Flatten(),
        nn.Linear((size.side // 4) ** 2 * second, 16), nn.ReLU(),
    )


def decoder(size):
    first, second, small = round(32 * size.width), round(64 * size.width), size.side // 4
    return nn.Sequential(
        nn.Linear(2, small * small * second), nn.ReLU(), nn.Unflatten(1, (second, small, small)),
        nn.ConvTranspose2d(second, second, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(second, first, 3, 2, 1, 1), nn.ReLU(),
        nn.Conv2d(first, 1, 3, 1, 1),
    )


def conv_autoencoder(size):
    return nn.Sequential(encoder(size), nn.Linear(16, 2), decoder(size), nn.Sigmoid())


class ConvVae(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.encoder, self.decoder = encoder(size), decoder(size)
        self.mean, self.log_variance = nn.Linear(16, 2), nn.Linear(16, 2)


def denoising_stack(size):
    width = round(48 * size.width)
    layers = [nn.Conv2d(1, width, 3, 1, 1), nn.ReLU()]
    for _ in range(6):
        layers += [nn.Conv2d(width, width, 3, 1, 1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(width, 1, 3, 1, 1))


def squared_error(network, x, reduced):
    with reduced():
        y = network(x)
    return ((y.float() - x) ** 2).mean()


def evidence_bound(network, x, reduced):
    with reduced():
        h = network.encoder(x)
        mean, log_variance = network.mean(h).float(), network.log_variance(h).float()
        logits = network.decoder(mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean))
    reconstruction = functional.binary_cross_entropy_with_logits(logits.float(), x, reduction="sum")
    divergence = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum()
    return (reconstruction + divergence) / len(x)


WORKLOADS = {
    "mlp": (mlp, squared_error), "conv-autoencoder": (conv_autoencoder, squared_error),
    "conv-vae": (ConvVae, evidence_bound), "denoiser": (denoising_stack, squared_error),
}


def item(size):
    return (size.side**2,) if size.name == "mlp" else (1, size.side, size.side)


def trainer(request, layout):
    """A step that trains on what it is given, and returns the loss."""
    make, loss = WORKLOADS[request.name]
    network = make(request).to(memory_format=layout)
    optimiser = torch.optim.Adam(network.parameters(), 1e-3, fused=True)
    reduced = (lambda: torch.autocast("cpu", torch.bfloat16)) if request.precision == "bfloat16" else nullcontext

    def step(x):
        optimiser.zero_grad()
        value = loss(network, x, reduced)
        value.backward()
        optimiser.step()
        return value.item()

    return step


def fastest(request):
    """Channels-last where it is faster for this network: both are tried and the better is kept."""
    choices = []
    for layout in (torch.contiguous_format, torch.channels_last):
        if request.name == "mlp" and layout == torch.channels_last:
            continue
        x = torch.rand(request.batch, *item(request)).contiguous(memory_format=layout)
        step = trainer(request, layout)
        for _ in range(5):
            step(x)
        begun = time.perf_counter()
        for _ in range(5):
            step(x)
        choices.append((time.perf_counter() - begun, lambda step=step, x=x: step(x), layout))
    return min(choices, key=lambda choice: choice[0])


def epoch_of(request):
    """One epoch over random bytes that lie in one tensor: a batch is taken by index, with no loader in between."""
    data = torch.randint(0, 256, (request.items, *item(request)), dtype=torch.uint8)
    layout = fastest(request)[2]
    step = trainer(request, layout)

    def epoch():
        order = torch.randperm(request.items)
        for batch in order[: request.items - request.items % request.batch].split(request.batch):
            step((data[batch].float() / 255).contiguous(memory_format=layout))

    return epoch


ready = {}


def answer(request):
    key = repr(request)
    if key not in ready:
        ready.clear()
        ready[key] = epoch_of(request) if request.do == "epoch" else fastest(request)[1]
    repetitions = 1 if request.do == "epoch" else request.repetitions
    begun = time.perf_counter()
    for _ in range(repetitions):
        ready[key]()
    return (time.perf_counter() - begun) * 1000 / repetitions


serve(answer)
