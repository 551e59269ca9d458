package io.github.dbtls.autoconfigure;

import java.util.List;

import io.github.dbtls.connectorj.DbTlsSocketFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for native images: the driver makes our socket factory by its name, the names of
 * our properties are those of record components, and some of Spring's DataSources are
 * looked into by the names of their members.
 */
final class DbTlsRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection().registerType(DbTlsSocketFactory.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		hints.reflection().registerType(DbTlsProperties.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection().registerType(DbTlsProperties.DataSource.class, MemberCategory.INVOKE_DECLARED_METHODS);
		hints.reflection()
			.registerType(TypeReference.of("org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy"),
					(type) -> type.withField(SpringJdbcLayer.READ_ONLY));
		hints.reflection()
			.registerType(TypeReference.of("org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource"),
					(type) -> type.withMethod(SpringJdbcLayer.DETERMINE_TARGET, List.of(), ExecutableMode.INVOKE));
	}

}
