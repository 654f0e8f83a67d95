"""What the training peers have in common: requests as JSON, one a line, each answered with one number."""
import json
import sys
from types import SimpleNamespace


def peak_memory():
    """The most memory that this process has had, in MiB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def mlp_widths(size):
    return [round(units * size.width) for units in (256, 64, 32, 64, 256)]


def serve(answer):
    """Answers each request by `answer(request)`, a number, until the input ends."""
    for line in sys.stdin:
        request = SimpleNamespace(**json.loads(line))
        print(peak_memory() if request.do == "memory" else answer(request), flush=True)
