package io.github.dbtls.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;
import org.mockito.invocation.Invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ForeignTransport}, against the methods of the JVM that runs them.
 */
class ForeignTransportTests {

	private final Socket socket = mock(Socket.class);

	@ParameterizedTest
	@MethodSource
	void eachMethodIsThatOfTheSocket(Method method) throws Exception {
		Method overriding = ForeignTransport.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
		Object[] arguments = Arrays.stream(method.getParameterTypes())
			.map((type) -> (type == int.class) ? (Object) 7 : (type == boolean.class) ? true : null)
			.toArray(Object[]::new);
		overriding.invoke(new ForeignTransport(this.socket), arguments);
		if (!method.getName().equals("toString")) {
			// The mock counts all others.
			List<Invocation> invocations = List.copyOf(Mockito.mockingDetails(this.socket).getInvocations());
			assertThat(invocations).hasSize(1);
			assertThat(invocations.get(0).getMethod().getName()).isEqualTo(method.getName());
			assertThat(invocations.get(0).getRawArguments()).containsExactly(arguments);
		}
	}

	static Stream<Method> eachMethodIsThatOfTheSocket() {
		return Arrays.stream(Socket.class.getMethods())
			.filter((method) -> method.getDeclaringClass() == Socket.class)
			.filter((method) -> !Modifier.isStatic(method.getModifiers()) && !Modifier.isFinal(method.getModifiers()));
	}

	@Test
	void readingNothingIsAnError() throws IOException {
		given(this.socket.getInputStream()).willReturn(new ByteArrayInputStream(new byte[10]));
		InputStream input = new ForeignTransport(this.socket).getInputStream();
		assertThat(input.read(new byte[4], 0, 4)).isEqualTo(4);
		assertThatIOException().isThrownBy(() -> input.read(new byte[4], 4, 0)).withMessageContaining("record");
		assertThat(input.read(new byte[9])).isEqualTo(6);
	}

}
