import type { Paper } from '../../protocol/panel';

/** Where the panel's notes point to: the page names a paper, never an address. */
export const PAPER_ADDRESSES: Readonly<Record<Paper, string>> = {
  vaswani2017: 'https://arxiv.org/abs/1706.03762',
  jain2019: 'https://arxiv.org/abs/1902.10186',
  wiegreffe2019: 'https://arxiv.org/abs/1908.04626',
  serrano2019: 'https://arxiv.org/abs/1906.03731',
  abnar2020: 'https://arxiv.org/abs/2005.00928',
};
