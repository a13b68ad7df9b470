import { AppError } from '../../common/errors';

/** @throws AppError `internal` if the browser has no memory for the picture. */
export function canvasBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new AppError('internal', `no PNG of ${canvas.width} x ${canvas.height}`));
    }, 'image/png');
  });
}
