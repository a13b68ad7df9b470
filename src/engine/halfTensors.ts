/**
 * onnxruntime-node 1.30's native part knows half precision as Uint16Array only; where JavaScript has Float16Array (Node 24, the
 * editor's own), its JavaScript part makes that of it, and a run into given tensors fails with "not enough space: expected N,
 * got 0". It looks once, when the first tensor is made: `work` makes it while there is nothing to find.
 */
export function withoutFloat16Array(work: () => unknown): void {
  const found = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    work();
  } finally {
    if (found) Object.defineProperty(globalThis, 'Float16Array', found);
  }
}
