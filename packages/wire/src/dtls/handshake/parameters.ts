/** TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 (RFC 7251), the only cipher suite (protocol section 1.1). */
export const CIPHER_SUITE = 0xc0ae;
/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3). */
export const RENEGOTIATION_SCSV = 0x00ff;
/** secp256r1 (RFC 8422 section 5.1.1). */
export const CURVE_P256 = 23;
/** ECDSA with SHA-256 (RFC 5246 section 7.4.1.4.1). */
export const ECDSA_SHA256 = 0x0403;
/** ecdsa_sign (RFC 8422 section 5.5). */
export const ECDSA_SIGN = 64;
/** RFC 7250 section 3. */
export const RAW_PUBLIC_KEY = 2;
export const POINT_UNCOMPRESSED = 0;
export const COMPRESSION_NULL = 0;
export const RANDOM_LENGTH = 32;
