export async function buildElk() {}
