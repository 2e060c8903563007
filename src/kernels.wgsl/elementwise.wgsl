// Elementwise kernels over flat tensors, four elements a thread: y (n), a (n), b (n), n in vec4s.
// Reference: the functions of src/nn/ops/elementwise.ts.
struct Params {
  n: u32,
  width: u32, // threads along x; long tensors wrap into y
  s: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4<f32>>; // (n)
@group(0) @binding(2) var<storage, read_write> b: array<vec4<f32>>; // (n)
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>; // (n)

fn index(id: vec3<u32>) -> u32 {
  return id.y * p.width + id.x;
}

// y = s
@compute @workgroup_size(64)
fn fill(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = vec4<f32>(p.s); }
}

// y = a
@compute @workgroup_size(64)
fn copy(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = a[i]; }
}

// y = s a
@compute @workgroup_size(64)
fn scale(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = p.s * a[i]; }
}

// y = a + b
@compute @workgroup_size(64)
fn add(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = a[i] + b[i]; }
}

// y = a b
@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = a[i] * b[i]; }
}

// y = max(a, 0)
@compute @workgroup_size(64)
fn relu(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = max(a[i], vec4<f32>(0.0)); }
}

// y = b where a > 0, else 0; a is the output of relu
@compute @workgroup_size(64)
fn relu_vjp(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = select(vec4<f32>(0.0), b[i], a[i] > vec4<f32>(0.0)); }
}

// y = min(max(a, 0), 6)
@compute @workgroup_size(64)
fn relu6(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) { y[i] = clamp(a[i], vec4<f32>(0.0), vec4<f32>(6.0)); }
}

// y = b where 0 < a < 6, else 0; a is the output of relu6
@compute @workgroup_size(64)
fn relu6_vjp(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = index(id);
  if (i < p.n) {
    let open = (a[i] > vec4<f32>(0.0)) & (a[i] < vec4<f32>(6.0));
    y[i] = select(vec4<f32>(0.0), b[i], open);
  }
}
