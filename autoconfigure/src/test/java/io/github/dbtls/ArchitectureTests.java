package io.github.dbtls;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code keeps to the plan of its rooms.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.dbtls";

	private static final JavaClasses classes = new ClassFileImporter().importPath(BuildFiles.classes());

	/**
	 * What users and platform teams may name.
	 */
	private static final Set<String> API = Set.of("CertificateExpiryEvent", "CertificateRole",
			"DbTlsConfigurationException", "HandshakeFailedEvent", "HandshakeFailure", "Provider", "Provider$Builder",
			"Provider$Trust", "SslMode", "TlsHandshakeException", "TlsVersion", "TrustReloadRefusedEvent",
			"TrustRenewedEvent", "autoconfigure.DbTlsAutoConfiguration", "autoconfigure.DbTlsEndpointAutoConfiguration",
			"autoconfigure.DbTlsHealthContributorAutoConfiguration", "autoconfigure.DbTlsMetricsAutoConfiguration",
			"autoconfigure.DbTlsPools", "check.DbTlsCheck");

	/**
	 * Public only because another room uses it, or the driver loads it by name.
	 */
	private static final Set<String> SHARED_BETWEEN_ROOMS = Set.of("BundleOrigin", "BundleOrigin$Annotations",
			"BundleOrigin$Labels", "BundleOrigin$Part", "BundleOrigin$Property", "Causes", "ClientKeySource",
			"ClientKeySource$Bundle", "ClientKeySource$Files", "EditDistance", "JsseProvider", "TlsPolicy",
			"TlsSession", "TlsSettings", "TlsSettings$Bundle", "TlsSettings$Setting", "TrustSource",
			"TrustSource$Bundle", "TrustSource$CaFile", "TrustSource$None", "TrustSource$SystemRoots",
			"actuate.DbTlsEndpoint", "actuate.DbTlsHealthIndicator", "actuate.DecidedSetting",
			"actuate.DecidedSetting$Origin", "actuate.PoolMeters", "actuate.ReportedPool", "actuate.SharedMeters",
			"connectorj.ChoiceProbe", "connectorj.ConnectionSession", "connectorj.DatabaseUrl",
			"connectorj.DbTlsSocketFactory", "connectorj.DriverDiagnosis", "connectorj.DriverFailure",
			"connectorj.DriverSettings", "connectorj.HandshakeProbe", "connectorj.HostAddress", "connectorj.Place",
			"connectorj.PoolProperties", "connectorj.PoolRegistry", "connectorj.ProbeResult",
			"diagnosis.CertificateText", "diagnosis.HandshakeDiagnosis", "diagnosis.HandshakeFacts",
			"diagnosis.IssuedPath", "diagnosis.LoginDiagnosis", "diagnosis.LoginRefusal", "diagnosis.LoginRefusal$Kind",
			"diagnosis.RefusedCertificateException", "tls.CertificateInUse", "tls.ExpiryRule", "tls.HandshakeDeadline",
			"tls.HandshakeOutcome", "tls.OpenConnection", "tls.PastFailure", "tls.PastHandshake",
			"tls.PastHandshake$Negotiated", "tls.PoolListener", "tls.PoolObserver", "tls.PoolAttempts", "tls.PoolTls",
			"tls.PoolTls$ReloadFault", "tls.SecuredSocket", "tls.ServerChoice", "trust.ClientKey",
			"trust.MaterialSnapshot", "trust.MaterialSource", "trust.MaterialWatch", "trust.MaterialWatch$Listener",
			"trust.PoolMaterial", "trust.SslBundleReader", "trust.TrustMaterial");

	/**
	 * Connector/J's names of what has to do with TLS.
	 */
	private static final Pattern DRIVER_PROPERTY = Pattern
		.compile("(?i)sslMode|socketFactory|tlsVersions|tlsCiphersuites|enabledTLSProtocols|enabledSSLCipherSuites|"
				+ "useSSL|requireSSL|verifyServerCertificate|allowPublicKeyRetrieval|fipsCompliantJsse|"
				+ "(trust|client)CertificateKeyStore(Url|Type|Password)|fallbackToSystem(Trust|Key)Store|"
				+ "(keyManagerFactory|trustManagerFactory|keyStore|sslContext)Provider|dbtlsPool");

	/**
	 * Names of the contracts of health and endpoint that happen to be the driver's.
	 */
	private static final Set<String> NOT_FOR_THE_DRIVER = Set.of("actuate/HealthDetails.java: sslMode",
			"autoconfigure/DecidedSettings.java: sslMode", "autoconfigure/DecidedSettings.java: tlsVersions");

	private static final Pattern TOKENS = Pattern.compile(
			"\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+'|/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

	@ParameterizedTest(name = "{0} uses {1}")
	@CsvSource(delimiter = '|',
			textBlock = """
					io.github.dbtls               |
					io.github.dbtls.trust         | io.github.dbtls
					io.github.dbtls.diagnosis     | io.github.dbtls
					io.github.dbtls.tls           | io.github.dbtls, io.github.dbtls.trust, io.github.dbtls.diagnosis
					io.github.dbtls.connectorj    | io.github.dbtls, io.github.dbtls.tls, io.github.dbtls.diagnosis
					io.github.dbtls.actuate       | io.github.dbtls, io.github.dbtls.trust, io.github.dbtls.tls, io.github.dbtls.connectorj, io.github.dbtls.diagnosis
					io.github.dbtls.check         | io.github.dbtls, io.github.dbtls.trust, io.github.dbtls.tls, io.github.dbtls.connectorj, io.github.dbtls.diagnosis
					io.github.dbtls.autoconfigure | io.github.dbtls, io.github.dbtls.trust, io.github.dbtls.tls, io.github.dbtls.connectorj, io.github.dbtls.diagnosis, io.github.dbtls.actuate
					""")
	void roomUsesThoseBelowItOnly(String room, String below) {
		Set<String> allowed = new TreeSet<>(Set.of(room));
		if (below != null) {
			allowed.addAll(List.of(below.split(", ")));
		}
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(room)
			.should()
			.dependOnClassesThat(describe("in another room of dbtls",
					(type) -> type.getPackageName().startsWith(ROOT) && !allowed.contains(type.getPackageName())))
			.because("arrows point downward only"));
	}

	@Test
	void roomsAreThoseOfTheDesign() {
		assertThat(classes.stream().map(JavaClass::getPackageName).distinct().sorted()).containsExactly(ROOT,
				ROOT + ".actuate", ROOT + ".autoconfigure", ROOT + ".check", ROOT + ".connectorj", ROOT + ".diagnosis",
				ROOT + ".tls", ROOT + ".trust");
	}

	@Test
	void roomsHaveNoCycles() {
		check(SlicesRuleDefinition.slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
	}

	@Test
	void vocabularyAndDiagnosisUseTheJdkOnly() {
		check(ArchRuleDefinition.classes()
			.that()
			.resideInAnyPackage(ROOT, ROOT + ".diagnosis")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "javax..", "org.jspecify.annotations", ROOT, ROOT + ".diagnosis"));
	}

	@Test
	void trustUsesTheJdkAndSpringsFilesOnly() {
		check(ArchRuleDefinition.classes()
			.that()
			.resideInAPackage(ROOT + ".trust")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "javax..", "org.jspecify.annotations", ROOT, ROOT + ".trust",
					"org.springframework.boot.ssl..", "org.springframework.core.io..", "org.springframework.util..",
					"org.apache.commons.logging"));
	}

	@Test
	void driverIsUsedInItsRoomOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".connectorj")
			.and(describe("have no condition on the driver",
					(type) -> !type.getName().startsWith(ROOT + ".autoconfigure.DbTlsAutoConfiguration")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.mysql.."));
	}

	@Test
	void driverPropertiesAreSpeltInItsRoomOnly() throws IOException {
		List<String> spelt = new ArrayList<>();
		Path sources = BuildFiles.sources().resolve("io/github/dbtls");
		try (Stream<Path> files = Files.walk(sources)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				String name = sources.relativize(file).toString().replace('\\', '/');
				if (!name.startsWith("connectorj/")) {
					driverProperties(Files.readString(file)).forEach((property) -> spelt.add(name + ": " + property));
				}
			}
		}
		spelt.removeAll(NOT_FOR_THE_DRIVER);
		assertThat(spelt).isEmpty();
	}

	private static List<String> driverProperties(String source) {
		List<String> found = new ArrayList<>();
		Matcher matcher = TOKENS.matcher(source);
		while (matcher.find()) {
			String token = matcher.group();
			// A message may quote 'sslMode=…', a program needs the bare name.
			String literal = token.startsWith("\"") ? token.substring(1, token.length() - 1) : "";
			if (DRIVER_PROPERTY.matcher(literal).matches()) {
				found.add(literal);
			}
		}
		return found;
	}

	@Test
	void driverPropertiesWhenInACommentAreNoSpelling() {
		assertThat(driverProperties("""
				// "useSSL"
				/* "useSSL" */
				log("sslMode=x", '"', "a\\"useSSL");
				set("sslmode", "requireSSL");
				""")).containsExactly("sslmode", "requireSSL");
	}

	@Test
	void publicTypesAreTheClosedList() {
		List<String> expected = Stream.concat(API.stream(), SHARED_BETWEEN_ROOMS.stream())
			.map((name) -> ROOT + "." + name)
			.toList();
		assertThat(classes.stream().filter(ArchitectureTests::isVisible).map(JavaClass::getName))
			.containsExactlyInAnyOrderElementsOf(expected);
	}

	private static boolean isVisible(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC)
				&& type.getEnclosingClass().map(ArchitectureTests::isVisible).orElse(true);
	}

	@Test
	void typeWhenSharedBetweenRoomsIsUsedByAnother() {
		// The driver loads the socket factory; native hints name it. What an interface
		// contains is public, whether it is used or not.
		assertThat(SHARED_BETWEEN_ROOMS).filteredOn((name) -> !name.matches("(TrustSource|ClientKeySource)\\$.*"))
			.allSatisfy((name) -> {
				JavaClass type = classes.get(ROOT + "." + name);
				assertThat(type.getDirectDependenciesToSelf())
					.anyMatch((use) -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
			});
	}

	@Test
	void packagesAreNullMarked() {
		assertThat(classes.stream().map(JavaClass::getPackageName).distinct()).allSatisfy((name) -> assertThat(
				classes.get(name + ".package-info").isAnnotatedWith("org.jspecify.annotations.NullMarked"))
			.isTrue());
	}

	@Test
	void autoConfigurationsArePublicFinalWithoutPublicMembers() {
		check(ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.andShould(haveNoPublicMembers()));
	}

	@Test
	void beanMethodsAreNoApi() {
		check(ArchRuleDefinition.methods()
			.that()
			.areAnnotatedWith(Bean.class)
			.should()
			.notBePublic()
			.andShould()
			.notBePrivate()
			.andShould()
			.notBeAnnotatedWith(ConditionalOnClass.class));
	}

	@Test
	void postProcessorsAreMadeWithoutOtherBeans() {
		DescribedPredicate<JavaMethod> postProcessor = DescribedPredicate.describe("make a post-processor",
				(method) -> method.isAnnotatedWith(Bean.class)
						&& (method.getRawReturnType().isAssignableTo(BeanPostProcessor.class)
								|| method.getRawReturnType().isAssignableTo(BeanFactoryPostProcessor.class)));
		check(ArchRuleDefinition.methods()
			.that(postProcessor)
			.should()
			.beStatic()
			.andShould(haveLazyParametersOnly())
			.because("a bean that a post-processor takes is made before other post-processors could see it"));
	}

	@Test
	void nothingIsSwitchedForTheWholeJvm() {
		check(ArchRuleDefinition.noClasses()
			.should()
			.callMethod(System.class, "setProperty", String.class, String.class)
			.orShould()
			.callMethod(System.class, "setProperties", java.util.Properties.class)
			.orShould()
			.callMethod(System.class, "clearProperty", String.class)
			.orShould()
			.callMethod(Security.class, "addProvider", java.security.Provider.class)
			.orShould()
			.callMethod(Security.class, "insertProviderAt", java.security.Provider.class, int.class)
			.orShould()
			.callMethod(Security.class, "removeProvider", String.class)
			.orShould()
			.callMethod(Security.class, "setProperty", String.class, String.class)
			.orShould()
			.callMethod(SSLContext.class, "setDefault", SSLContext.class)
			.orShould()
			.callMethod(HttpsURLConnection.class, "setDefaultHostnameVerifier", javax.net.ssl.HostnameVerifier.class)
			.orShould()
			.callMethod(HttpsURLConnection.class, "setDefaultSSLSocketFactory", javax.net.ssl.SSLSocketFactory.class)
			.because("the application and its other libraries live in the same JVM"));
	}

	@Test
	void caseIsChangedWithALocale() {
		check(ArchRuleDefinition.noClasses()
			.should()
			.callMethod(String.class, "toLowerCase")
			.orShould()
			.callMethod(String.class, "toUpperCase")
			.because("'I' has another lower case in Turkish"));
	}

	@Test
	void nothingIsPrintedPastTheLog() {
		check(ArchRuleDefinition.noClasses()
			.that(describe("are no program of their own", (type) -> !type.getName().equals(ROOT + ".check.DbTlsCheck")))
			.should()
			.accessField(System.class, "out")
			.orShould()
			.accessField(System.class, "err")
			.orShould()
			.callMethod(Throwable.class, "printStackTrace"));
	}

	@Test
	void staticFieldsCannotChange() throws ReflectiveOperationException {
		List<String> mutable = new ArrayList<>();
		for (JavaClass type : classes) {
			for (Field field : type.reflect().getDeclaredFields()) {
				if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && isMutable(field)) {
					mutable.add(type.getName() + "." + field.getName());
				}
			}
		}
		// The driver passes strings only: this one map leads from them to the pool.
		assertThat(mutable).containsExactly(ROOT + ".connectorj.PoolRegistry.pools");
	}

	private static boolean isMutable(Field field) throws ReflectiveOperationException {
		if (!Modifier.isFinal(field.getModifiers())) {
			return true;
		}
		field.setAccessible(true);
		Object value = field.get(null);
		if (value instanceof Collection || value instanceof Map) {
			String type = value.getClass().getName();
			return !type.startsWith("java.util.ImmutableCollections$")
					&& !type.startsWith("java.util.Collections$Unmodifiable");
		}
		return !(field.getType().isPrimitive() || field.getType().isEnum() || value instanceof Record
				|| value instanceof String || value instanceof Pattern
				|| value.getClass().getPackageName().startsWith("java.time") || value instanceof Log
				|| value instanceof Provider);
	}

	private static void check(ArchRule rule) {
		rule.check(classes);
	}

	private static DescribedPredicate<JavaClass> describe(String description, Predicate<JavaClass> predicate) {
		return DescribedPredicate.describe(description, predicate);
	}

	private static ArchCondition<JavaClass> haveNoPublicMembers() {
		return new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getMembers()
					.stream()
					.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC))
					.forEach((member) -> events
						.add(SimpleConditionEvent.violated(member, member.getFullName() + " is public")));
			}

		};
	}

	private static ArchCondition<JavaMethod> haveLazyParametersOnly() {
		Set<String> lazy = Set.of(ObjectProvider.class.getName(), Environment.class.getName(),
				ApplicationContext.class.getName());
		return new ArchCondition<>("have lazy parameters only") {

			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				method.getRawParameterTypes()
					.stream()
					.filter((type) -> !lazy.contains(type.getName()))
					.forEach((type) -> events
						.add(SimpleConditionEvent.violated(method, method.getFullName() + " takes " + type.getName())));
			}

		};
	}

}
