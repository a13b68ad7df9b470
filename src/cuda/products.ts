/** In plain words what brings a library, since its file name tells few people; undefined for what is not of CUDA's world. */
export function productOf(file: string): string | undefined {
  const [, name = '', version = ''] = /^lib(.+?)\.so(?:\.(\d+))?/.exec(file) ?? [];
  if (name === 'cuda') return 'the NVIDIA driver';
  if (name.startsWith('cudnn')) return `NVIDIA cuDNN ${version}`.trimEnd();
  if (name.startsWith('nvinfer') || name === 'nvonnxparser') return `TensorRT ${version}`.trimEnd();
  const part = TOOLKIT_PARTS[name];
  if (!part) return undefined;
  const toolkit = part.toolkit?.(Number(version));
  return `CUDA Toolkit${toolkit === undefined ? '' : ` ${toolkit}`}, ${part.title}`;
}

interface ToolkitPart {
  readonly title: string;
  /** The toolkit's version by the library's; absent where one version serves several toolkits. */
  readonly toolkit?: (version: number) => number;
}

const same = (version: number): number => version;

const TOOLKIT_PARTS: Readonly<Record<string, ToolkitPart>> = {
  cudart: { title: 'CUDA Runtime', toolkit: same },
  cublas: { title: 'cuBLAS', toolkit: same },
  cublasLt: { title: 'cuBLAS', toolkit: same },
  nvrtc: { title: 'NVRTC', toolkit: same },
  nvJitLink: { title: 'nvJitLink', toolkit: same },
  // cuFFT counts one behind: 11 comes with CUDA 12.
  cufft: { title: 'cuFFT', toolkit: (version) => version + 1 },
  curand: { title: 'cuRAND' },
  cusparse: { title: 'cuSPARSE' },
  cusolver: { title: 'cuSOLVER' },
};

/** `libcublas.so.12 (CUDA Toolkit 12, cuBLAS)` */
export function describeLibrary(file: string): string {
  const product = productOf(file);
  return product === undefined ? file : `${file} (${product})`;
}
