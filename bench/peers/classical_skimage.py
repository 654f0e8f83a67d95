"""What scikit-image's classical denoisers reach on the picture of `engine/classical/testing/reference.ts`.

Prints a line for each method, grey and colour: its name, channels, PSNR in dB. `classical.test.ts` holds these figures.
The picture is made of whole numbers alone, so that both languages make the same bytes of it.
Usage: python3 bench/peers/classical_skimage.py
"""
import numpy as np
from scipy.ndimage import median_filter
from skimage import restoration
from skimage.restoration import _denoise

WIDTH, HEIGHT, SIGMA = 96, 80, 20


def clean(channels):
    y, x, c = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), np.arange(channels), indexing="ij")
    shading = 40 + (x * 3) // 2 + 10 * c
    disc = np.where((x - 40) ** 2 + (y - 36) ** 2 < 500, 60 - 25 * c, 0)
    stripes = np.where((x > 60) & (y > 44) & ((x + 2 * y) % 9 < 4), -50, 0)
    return np.clip(shading + disc + stripes, 0, 255)


def noisy(values):
    """Sums of four bytes of a linear congruential generator: nearly normal, standard deviation 147.8 before scaling."""
    state, result = 12345, np.empty(values.size)
    for i in range(values.size):
        total = 0
        for _ in range(4):
            state = (1664525 * state + 1013904223) % 2**32
            total += state >> 24
        result[i] = total - 510
    shaken = np.floor(values + (result * (SIGMA / 147.8)).reshape(values.shape) + 0.5)
    return np.clip(shaken, 0, 255)


def spatial_weights(win_size, sigma, *, dtype=float):
    """scikit-image 0.26 makes this table one row and one column too large for its window and then reads it askew."""
    places = np.arange(win_size) - win_size // 2
    return np.exp(-(places[:, None] ** 2 + places**2) / (2 * sigma**2)).astype(dtype).ravel()


_denoise._compute_spatial_lut = spatial_weights


def methods(image, axis):
    sigma = SIGMA / 255
    pixels = lambda side: (side, side) if axis is None else (side, side, 1)
    yield "nlm", restoration.denoise_nl_means(
        image, patch_size=5, patch_distance=6, h=0.6 * sigma, sigma=sigma, fast_mode=True, channel_axis=axis)
    yield "wavelet", restoration.denoise_wavelet(
        image, sigma=sigma, wavelet="db2", mode="soft", method="BayesShrink", channel_axis=axis,
        convert2ycbcr=axis is not None, rescale_sigma=True)
    yield "total-variation", restoration.denoise_tv_chambolle(image, weight=0.85 * sigma, channel_axis=axis)
    # It divides the distance of two colours by the number of channels, which a smaller sigma makes up for.
    channels = 1 if axis is None else 3
    yield "bilateral", restoration.denoise_bilateral(
        image, sigma_color=3 * sigma / channels, sigma_spatial=1.8, mode="edge", channel_axis=axis)
    yield "median", median_filter(image, size=pixels(5), mode="nearest")


if __name__ == "__main__":
    for channels in (1, 3):
        truth = clean(channels)
        image = noisy(truth) / 255
        axis = -1 if channels == 3 else None
        if axis is None:
            truth, image = truth[..., 0], image[..., 0]
        psnr = lambda result: -10 * np.log10(np.mean((np.clip(result, 0, 1) - truth / 255) ** 2))
        print("input", channels, f"{psnr(image):.4f}")
        for name, result in methods(image, axis):
            print(name, channels, f"{psnr(result):.4f}")
