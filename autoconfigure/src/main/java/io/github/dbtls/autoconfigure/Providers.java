package io.github.dbtls.autoconfigure;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.EditDistance;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsSettings.Setting;

/**
 * The providers that can be named: the built-in ones and the application's own.
 */
final class Providers {

	private final Map<String, Provider> byId = new LinkedHashMap<>();

	Providers(List<Provider> own) {
		Provider.builtIn().forEach((provider) -> this.byId.put(provider.id(), provider));
		for (Provider provider : own) {
			if (this.byId.put(provider.id(), provider) != null) {
				throw new DbTlsConfigurationException("dbtls.provider",
						"Two providers have the id '%s'.".formatted(provider.id()),
						"Give the Provider bean an id of its own; the built-in ones cannot be replaced.");
			}
		}
	}

	Provider get(Setting<String> id) {
		Provider provider = this.byId.get(id.value().trim());
		if (provider != null) {
			return provider;
		}
		if (id.value().isBlank()) {
			throw new DbTlsConfigurationException(id.property(), "'%s' is empty.".formatted(id.property()),
					"Set it to one of: %s. To secure nothing, set 'dbtls.enabled: false'.".formatted(ids()));
		}
		throw new DbTlsConfigurationException(id.property(),
				"'%s' is '%s', which is no known provider.".formatted(id.property(), id.value()),
				"Set it to one of, nearest first: %s. A provider of your own is a bean of type '%s'."
					.formatted(nearestFirst(id.value()), Provider.class.getName()));
	}

	String ids() {
		return String.join(", ", this.byId.keySet());
	}

	private String nearestFirst(String id) {
		String wanted = id.trim().toLowerCase(Locale.ROOT).replace('_', '-');
		return this.byId.keySet()
			.stream()
			.sorted(Comparator.comparingInt((known) -> distance(wanted, known)))
			.collect(Collectors.joining(", "));
	}

	private static int distance(String wanted, String known) {
		// 'rds' means 'aws-rds', although 'tidb' takes fewer changes.
		int letters = EditDistance.between(wanted, known);
		return (known.contains(wanted) || wanted.contains(known)) ? letters / 2 : letters;
	}

}
