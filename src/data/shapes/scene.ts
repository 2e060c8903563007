/**
 * What a sample of `shapes` looks like apart from its class: pose, colours, textures and noise, all drawn from one
 * Philox stream. A scene is in units of the image (0..1), so one sample is the same picture at every size.
 */
import type { PhiloxStream } from "../../base/random.ts";

/** Red, green, blue in 0..1. */
export type Rgb = readonly [number, number, number];

/** Stripes or checks as a triangle wave: no sine, because sines are not rounded alike on every machine. */
export interface Texture {
  /** Colour where the wave is at its middle, and half its swing. */
  readonly colour: Rgb;
  readonly swing: Rgb;
  /** Waves per image width along x and y, and the phase in waves. */
  readonly fx: number;
  readonly fy: number;
  readonly phase: number;
  /** When true a second wave at a right angle multiplies the first, which makes checks. */
  readonly checks: boolean;
}

/** Everything needed to evaluate the picture at a point. */
export interface Scene {
  readonly centreX: number;
  readonly centreY: number;
  /** Half-extent of the silhouette as a fraction of the image. */
  readonly radius: number;
  /** Ratio of width to height of the silhouette before rotation. */
  readonly stretch: number;
  /** Unit vector of the rotation: cosine and sine. */
  readonly cos: number;
  readonly sin: number;
  readonly foreground: Texture;
  readonly background: Texture;
  /** Small discs and bars of the foreground's colours, so that colour statistics do not name the class. */
  readonly clutter: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  /** Amplitude of the pixel noise in 0..1. */
  readonly noise: number;
}

const between = (stream: PhiloxStream, low: number, high: number): number =>
  low + (high - low) * stream.uniform();

/**
 * A direction, uniform on the arc whose cosine is at least `leastCosine`, by rejection: only products and one square
 * root, both exactly rounded.
 */
function direction(stream: PhiloxStream, leastCosine: number): [number, number] {
  for (;;) {
    const x = 2 * stream.uniform() - 1, y = 2 * stream.uniform() - 1;
    const squared = x * x + y * y;
    const length = Math.sqrt(squared);
    if (squared > 0.01 && squared <= 1 && x >= leastCosine * length) return [x / length, y / length];
  }
}

const colour = (stream: PhiloxStream): Rgb => [stream.uniform(), stream.uniform(), stream.uniform()];

const luma = (c: Rgb): number => 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];

function texture(stream: PhiloxStream, colour: Rgb, strength: number): Texture {
  const [dx, dy] = direction(stream, -1);
  const waves = between(stream, 1, 6);
  const amount = (): number => strength * (2 * stream.uniform() - 1);
  return {
    colour,
    swing: [amount(), amount(), amount()],
    fx: dx * waves,
    fy: dy * waves,
    phase: stream.uniform(),
    checks: stream.uniform() < 0.4,
  };
}

/** Smallest difference in brightness between silhouette and background: below it an outline cannot be seen. */
const CONTRAST = 0.22;

/** Silhouettes turn by up to 40 degrees either way. */
const LEAST_COSINE = 0.766;

/** Largest distance of the silhouette's centre from the image's, along an axis. */
const ROOM = 0.12;

/** Draws the scene of one sample; `stream` must stand at its beginning. */
export function drawScene(stream: PhiloxStream): Scene {
  const radius = between(stream, 0.3, 0.42);
  const room = Math.min(ROOM, 0.5 - 0.85 * radius);
  const centreX = between(stream, 0.5 - room, 0.5 + room);
  const centreY = between(stream, 0.5 - room, 0.5 + room);
  const stretch = between(stream, 0.85, 1.18);
  const [cos, sin] = direction(stream, LEAST_COSINE);
  const back = colour(stream);
  let front = colour(stream);
  while (Math.abs(luma(front) - luma(back)) < CONTRAST) front = colour(stream);
  const background = texture(stream, back, 0.12);
  const foreground = texture(stream, front, 0.08);
  const clutter = Array.from({ length: 2 }, () => ({
    x: stream.uniform(),
    y: stream.uniform(),
    radius: between(stream, 0.02, 0.055),
  }));
  return {
    centreX,
    centreY,
    radius,
    stretch,
    cos,
    sin,
    background,
    foreground,
    clutter,
    noise: between(stream, 0.01, 0.05),
  };
}

/** Triangle wave of period 1 between -1 and 1. */
function wave(t: number): number {
  const f = t - Math.floor(t);
  return 4 * Math.abs(f - 0.5) - 1;
}

/** Value of the texture's wave at a point, in -1..1. */
export function textureWave(t: Texture, x: number, y: number): number {
  const first = wave(t.fx * x + t.fy * y + t.phase);
  return t.checks ? first * wave(t.fx * y - t.fy * x) : first;
}
