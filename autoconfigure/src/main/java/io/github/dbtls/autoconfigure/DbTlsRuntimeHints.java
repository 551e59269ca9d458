package io.github.dbtls.autoconfigure;

import io.github.dbtls.connectorj.DbTlsSocketFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Hints for native images: the driver makes our socket factory by its name, and the names
 * of our properties are those of record components.
 */
final class DbTlsRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection().registerType(DbTlsSocketFactory.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		hints.reflection().registerType(DbTlsProperties.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(DbTlsProperties.DataSource.class, MemberCategory.INVOKE_DECLARED_METHODS);
	}

}
