package io.github.dbtls.tls;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLSocket;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;
import org.mockito.invocation.Invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link DelegatingSslSocket}, against the methods of the JVM that runs them.
 */
class DelegatingSslSocketTests {

	private final SSLSocket socket = mock(SSLSocket.class);

	private final SSLSocket delegating = new DelegatingSslSocket(this.socket) {
	};

	@ParameterizedTest
	@MethodSource
	void eachMethodIsThatOfTheSocket(Method method) throws Exception {
		Method overriding = DelegatingSslSocket.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
		Object[] arguments = Arrays.stream(method.getParameterTypes())
			.map(DelegatingSslSocketTests::argument)
			.toArray(Object[]::new);
		overriding.invoke(this.delegating, arguments);
		if (!method.getName().equals("toString")) {
			// The mock counts all others.
			List<Invocation> invocations = List.copyOf(Mockito.mockingDetails(this.socket).getInvocations());
			assertThat(invocations).hasSize(1);
			assertThat(invocations.get(0).getMethod().getName()).isEqualTo(method.getName());
			assertThat(invocations.get(0).getRawArguments()).containsExactly(arguments);
		}
	}

	static Stream<Method> eachMethodIsThatOfTheSocket() {
		return Arrays.stream(SSLSocket.class.getMethods())
			.filter((method) -> Socket.class.isAssignableFrom(method.getDeclaringClass()))
			.filter((method) -> !Modifier.isStatic(method.getModifiers()) && !Modifier.isFinal(method.getModifiers()));
	}

	private static Object argument(Class<?> type) {
		if (type == int.class) {
			return 7;
		}
		return (type == boolean.class) ? true : null;
	}

}
