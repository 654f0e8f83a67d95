"""Classical denoisers of other programs: a request is a JSON line, answered with milliseconds; the result is written to a file.

`input` and `output` are raw float32 images [height, width, 3] in 0–1, noise not clipped; all are told the true σ. What takes
8 bits only (OpenCV) gets the image clipped and rounded. Strengths are the best of a few tried on one Kodak picture at σ 25. Starting a program and reading files are not counted, except for
G'MIC, which is a program: there its own report of nothing done is subtracted.
"""
import os
import subprocess
import tempfile
import time

import bm3d
import cv2
import numpy as np
from answering import serve
from skimage.restoration import denoise_nl_means

cv2.setNumThreads(int(os.environ["DARKROOM_THREADS"]))


def gmic(noisy, commands):
    """Raw floats in and out, in G'MIC's order of one channel after the other."""
    height, width, channels = noisy.shape
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.cimg"), os.path.join(folder, "out.cimg")
        header = f"1 float little_endian\n{width} {height} 1 {channels}\n".encode()
        with open(source, "wb") as file:
            file.write(header + (noisy * 255).astype("<f4").transpose(2, 0, 1).tobytes())
        begun = time.perf_counter()
        subprocess.run(["gmic", "-v", "-1", source, *commands, "-o", target], check=True, capture_output=True)
        seconds = time.perf_counter() - begun
        with open(target, "rb") as file:
            raw = file.read()
    values = np.frombuffer(raw[raw.index(b"\n", raw.index(b"\n") + 1) + 1:], "<f4")
    return values.reshape(channels, height, width).transpose(1, 2, 0) / 255, seconds


def patches(noisy, sigma):
    """Its patch-based denoiser; the patch PCA was not done with a picture of a quarter megapixel after four minutes."""
    _, idle = gmic(noisy, [])
    result, seconds = gmic(noisy, ["-denoise", f"10,{sigma},5,6,1,0"])
    return result, seconds - idle


def timed(calculate):
    def run(noisy, sigma):
        begun = time.perf_counter()
        result = calculate(noisy, sigma)
        return result, time.perf_counter() - begun
    return run


def opencv(noisy, sigma):
    bytes_ = np.clip(np.round(noisy * 255), 0, 255).astype(np.uint8)
    return cv2.fastNlMeansDenoisingColored(bytes_, None, 0.8 * sigma, 0.6 * sigma, 7, 21).astype(np.float32) / 255


METHODS = {
    "bm3d": timed(lambda noisy, sigma: bm3d.bm3d_rgb(noisy.astype(np.float64), sigma / 255)),
    "opencv": timed(opencv),
    "scikit-image": timed(lambda noisy, sigma: denoise_nl_means(
        noisy, patch_size=5, patch_distance=6, h=0.6 * sigma / 255, sigma=sigma / 255, fast_mode=True, channel_axis=-1)),
    "gmic": patches,
}


def answer(request):
    noisy = np.fromfile(request.input, np.float32).reshape(request.height, request.width, 3)
    result, seconds = METHODS[request.do](noisy, request.sigma)
    np.ascontiguousarray(np.clip(result, 0, 1), np.float32).tofile(request.output)
    return seconds * 1000


serve(answer)
