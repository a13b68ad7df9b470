import assert from 'node:assert/strict';
import { libraryOrReason } from '../../../src/protocol/deviceTable';

const REPORT = { device: 'webgpu', available: false, chosen: false } as const;

describe('the line of a device', () => {
  it('names the library that did the probe', () => {
    const library = 'libGLX_nvidia.so.0, NVIDIA 0x10de:0x2330';
    assert.equal(libraryOrReason({ ...REPORT, available: true, library }, 80), library);
  });

  it('says the reason without where it arose, its first line only, and briefly', () => {
    const place =
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::<lambda()> status == Success was false. ';
    const reason = `No session on webgpu: ${place}No supported adapters\nWarning: no Vulkan`;
    assert.equal(
      libraryOrReason({ ...REPORT, reason }, 80),
      'No session on webgpu: No supported adapters',
    );
    const long = libraryOrReason({ ...REPORT, reason: 'x'.repeat(500) }, 80);
    assert.deepEqual([long.length, long.at(-1)], [80, '…']);
    assert.equal(libraryOrReason(REPORT, 80), '');
  });
});
