/** Prices of currencies that go up and down at random: the same ones for the same seed. */

/** What each was worth in dollars, roughly. */
const DOLLARS = `
EUR 1.16    USD 1       GBP 1.32    JPY 0.0064  CHF 1.24    AED 0.2723  ALL 0.012   AMD 0.0026  AOA 0.0011  ARS 0.0007
AUD 0.65    AZN 0.5882  BAM 0.593   BBD 0.5     BDT 0.0082  BGN 0.593   BHD 2.6525  BMD 1       BND 0.77    BOB 0.1447
BRL 0.187   BSD 1       BTN 0.0112  BWP 0.0746  BZD 0.4972  CAD 0.713   CLP 0.00107 CNY 0.1412  COP 0.00026 CRC 0.002
CUP 0.0417  CVE 0.0105  CZK 0.048   DJF 0.0056  DKK 0.155   DOP 0.0159  DZD 0.0077  EGP 0.021   ETB 0.0065  FJD 0.438
GEL 0.37    GHS 0.09    GIP 1.32    GMD 0.0136  GTQ 0.1305  GYD 0.0048  HKD 0.1284  HNL 0.038   HTG 0.0076  HUF 0.00304
IDR 0.00006 ILS 0.306   INR 0.0112  IQD 0.00076 ISK 0.0078  JMD 0.0062  JOD 1.4104  KES 0.0077  KGS 0.0114  KHR 0.00025
KRW 0.00068 KWD 3.255   KYD 1.2     KZT 0.00195 LKR 0.00325 MAD 0.108   MDL 0.0588  MKD 0.0188  MNT 0.00028 MOP 0.1247
MUR 0.0217  MVR 0.0649  MWK 0.00058 MXN 0.0545  MYR 0.242   MZN 0.0156  NAD 0.0584  NGN 0.00069 NIO 0.0272  NOK 0.0985
NPR 0.007   NZD 0.573   OMR 2.597   PAB 1       PEN 0.297   PGK 0.236   PHP 0.017   PKR 0.00356 PLN 0.273   PYG 0.00014
QAR 0.2747  RON 0.228   RSD 0.0099  RWF 0.00069 SAR 0.2666  SCR 0.07    SEK 0.1055  SGD 0.77    THB 0.031   TRY 0.0236
ZAR 0.0584
`;

/** @returns what makes the next prices of a currency: what one of it costs in each other one. */
export function walk(seed: number): (base: string) => Record<string, number> {
  const dollars = new Map(
    [...DOLLARS.matchAll(/(\w+) ([\d.]+)/g)].map(([, name = '', value]) => [name, Number(value)]),
  );
  let random = seed;

  function step(value: number): number {
    // The generator of Park and Miller.
    random = (random * 48_271) % 2_147_483_647;
    return value * (1 + (random / 2_147_483_647 - 0.5) / 500);
  }

  return (base) => {
    for (const [name, value] of dollars) dollars.set(name, step(value));
    const one = dollars.get(base) ?? 0;
    const others = [...dollars].filter(([name]) => name !== base);
    return Object.fromEntries(others.map(([name, value]) => [name, Number((one / value).toPrecision(6))]));
  };
}
