package io.github.dbtls.diagnosis;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Parts of distinguished names.
 */
final class NameParts {

	private NameParts() {
	}

	static String commonName(X500Principal name) {
		return part(name, "CN");
	}

	static String organization(X500Principal name) {
		return part(name, "O");
	}

	private static String part(X500Principal name, String type) {
		try {
			for (Rdn rdn : new LdapName(name.getName()).getRdns()) {
				if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
					return CertificateText.clean(value);
				}
			}
		}
		catch (InvalidNameException ex) {
			// A stranger wrote it; then it says nothing.
		}
		return "";
	}

}
