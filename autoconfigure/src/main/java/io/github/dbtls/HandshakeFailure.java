package io.github.dbtls;

/**
 * Why no verified TLS connection came about.
 */
public enum HandshakeFailure {

	/** No trusted authority issued the server's certificate. */
	UNTRUSTED_ISSUER,

	/** The certificate is genuine, but issued to another host name. */
	HOST_NAME_MISMATCH,

	/** A certificate of the chain, or the trusted authority itself, has expired. */
	EXPIRED,

	/** A certificate of the chain, or the trusted authority itself, is not valid yet. */
	NOT_YET_VALID,

	/** A signature or a key of the chain is too weak. */
	WEAK_ALGORITHM,

	/** The chain breaks another rule of RFC 5280, such as a name constraint. */
	CERTIFICATE_INVALID,

	/** Client and server have no version of TLS in common. */
	NO_COMMON_PROTOCOL,

	/** Client and server have no cipher suite in common. */
	NO_COMMON_CIPHER,

	/** The server does not offer TLS. */
	TLS_NOT_OFFERED,

	/** The server wants a certificate of the client. */
	CLIENT_CERTIFICATE_REQUIRED,

	/** The server does not accept the client's certificate. */
	CLIENT_CERTIFICATE_REFUSED,

	/** The server did not finish the handshake in time. */
	HANDSHAKE_TIMEOUT,

	/** The server closed the connection during the handshake. */
	CONNECTION_CLOSED,

	/** What answers does not speak the MySQL protocol. */
	NOT_MYSQL,

	/** Nothing answers at that address. */
	UNREACHABLE,

	/** The server refuses the client or its login; TLS is not the reason. */
	LOGIN_REFUSED,

	/** Anything else; the message has the details. */
	OTHER

}
