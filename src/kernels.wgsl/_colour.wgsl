// Prelude: colour operations on a pixel in 0..1; see src/data/augment/colour.ts.

fn gray(c: vec3<f32>) -> f32 {
  return dot(c, vec3<f32>(0.2989, 0.587, 0.114));
}

// f c + (1 - f) other, clamped
fn blend(c: vec3<f32>, other: f32, f: f32) -> vec3<f32> {
  return clamp(f * c + vec3<f32>((1.0 - f) * other), vec3<f32>(0.0), vec3<f32>(1.0));
}

// Hue turned by `shift` turns.
fn turn_hue(c: vec3<f32>, shift: f32) -> vec3<f32> {
  let value = max(c.x, max(c.y, c.z));
  let chroma = value - min(c.x, min(c.y, c.z));
  var sixth = 0.0;
  if (chroma > 0.0) {
    if (value == c.x) {
      sixth = (c.y - c.z) / chroma;
    } else if (value == c.y) {
      sixth = 2.0 + (c.z - c.x) / chroma;
    } else {
      sixth = 4.0 + (c.x - c.y) / chroma;
    }
  }
  let n = vec3<f32>(5.0, 3.0, 1.0) + sixth + 6.0 * shift;
  let k = n - 6.0 * floor(n / 6.0);
  return vec3<f32>(value) - chroma * clamp(min(k, 4.0 - k), vec3<f32>(0.0), vec3<f32>(1.0));
}
