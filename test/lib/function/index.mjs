/** Stands in for a bundle where only the template matters. */

export const handler = async () => ({ statusCode: 200 });
