// Prelude: the spans of src/nn/spans.ts, pieces of at most 4096 elements of the tensors of an arena. Reductions give a
// span one workgroup of 64; elementwise kernels give it 16, a vec4 a thread.
// A row is (tensor, first element in the window, elements, 0); first elements are multiples of 64.
@group(0) @binding(13) var<storage, read_write> spans: array<vec4<u32>>; // (spans)

// Number of the workgroup when long lists wrap into y.
fn span_index(group: vec3<u32>, groups: vec3<u32>) -> u32 {
  return group.y * groups.x + group.x;
}

// The span of a workgroup; an empty one behind the end of the list.
fn span_at(index: u32) -> vec4<u32> {
  return select(vec4<u32>(0u), spans[min(index, arrayLength(&spans) - 1u)], index < arrayLength(&spans));
}

// A thread's vec4 in the window, and how many of its elements and those behind it the span has; 0: nothing to do.
fn place_of(group: vec3<u32>, groups: vec3<u32>, lane: u32) -> vec2<u32> {
  let index = span_index(group, groups);
  let s = span_at(index / 16u);
  let i = (index % 16u) * 256u + lane * 4u;
  return vec2<u32>((s.y + i) / 4u, select(0u, s.z - i, i < s.z));
}

// `after` in the first `left` components, `before` in the others: padding between tensors keeps its bits.
fn keep(before: vec4<f32>, after: vec4<f32>, left: u32) -> vec4<f32> {
  return select(before, after, vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left));
}
