/**
 * What a bearer token looks like. Source: RFC 6750, section 2.1.
 */
export const tokenPattern = /^[A-Za-z0-9._~+/-]+=*$/;
