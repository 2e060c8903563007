/**
 * Colour operations on one pixel in f64, channels in 0..1, as torchvision's float tensors define them: an operation
 * blends the pixel with another image and clamps the result to 0..1.
 */

/** Red, green, blue; every operation returns a new triple. */
export type Pixel = readonly [number, number, number];

const clamp = (v: number): number => Math.min(1, Math.max(0, v));

/** Brightness: 0.2989 R + 0.587 G + 0.114 B (torchvision's `rgb_to_grayscale`). */
export function gray(p: Pixel): number {
  return 0.2989 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

/** f p + (1 - f) other, clamped: brightness blends with 0, contrast with the view's mean, saturation with gray(p). */
export function blend(p: Pixel, other: number, f: number): Pixel {
  const rest = (1 - f) * other;
  return [clamp(f * p[0] + rest), clamp(f * p[1] + rest), clamp(f * p[2] + rest)];
}

/**
 * Turns the hue by `shift` turns. With V = max, C = max - min and H in 0..1, the colour of hue H' is
 * V - C clamp(min(k, 4 - k), 0, 1), k = (n + 6 H') mod 6, n = 5, 3, 1 for red, green, blue: HSV and back without
 * branches on the sector.
 */
export function turnHue(p: Pixel, shift: number): Pixel {
  const [r, g, b] = p;
  const value = Math.max(r, g, b), chroma = value - Math.min(r, g, b);
  let sixth = 0;
  if (chroma > 0) {
    if (value === r) sixth = (g - b) / chroma;
    else if (value === g) sixth = 2 + (b - r) / chroma;
    else sixth = 4 + (r - g) / chroma;
  }
  const turned = sixth + 6 * shift;
  const channel = (n: number): number => {
    const k = (n + turned) - 6 * Math.floor((n + turned) / 6);
    return value - chroma * clamp(Math.min(k, 4 - k));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Inverts channels of at least one half. */
export function solarize(p: Pixel): Pixel {
  return [p[0] < 0.5 ? p[0] : 1 - p[0], p[1] < 0.5 ? p[1] : 1 - p[1], p[2] < 0.5 ? p[2] : 1 - p[2]];
}
