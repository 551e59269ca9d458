package io.github.dbtls.sample.origin;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignOriginFilter}.
 */
class ForeignOriginFilterTests {

	@ParameterizedTest
	@CsvSource({ "GET, localhost", "POST, LOCALHOST", "GET, 127.0.0.1", "DELETE, 127.9.9.9", "GET, [::1]" })
	void requestToThisMachinePasses(String method, String host) throws Exception {
		assertThat(filter("127.0.0.1", request(method, host)).getStatus()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "GET, evil.example", "HEAD, evil.example", "POST, evil.example", "DELETE, evil.example",
			"GET, 127.0.0.1.evil.example", "GET, localhost.evil.example", "GET, 192.168.0.1" })
	void requestToNameThatLeadsToThisMachineIsRefused(String method, String host) throws Exception {
		MockHttpServletRequest request = request(method, host);
		request.addHeader("Origin", "http://%s:8080".formatted(host));
		assertThat(filter("127.0.0.1", request).getStatus()).isEqualTo(403);
		assertThat(filter("::1", request).getStatus()).isEqualTo(403);
	}

	@Test
	void anyNameWillDoWhereTheNetworkIsServed() throws Exception {
		assertThat(filter(null, request("GET", "shop.example")).getStatus()).isEqualTo(200);
		assertThat(filter("0.0.0.0", request("GET", "shop.example")).getStatus()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "http://localhost:9090", "null" })
	void whatPageOfAnotherSiteSendsIsRefused(String origin) throws Exception {
		MockHttpServletRequest request = request("POST", "localhost");
		request.addHeader("Origin", origin);
		assertThat(filter("127.0.0.1", request).getStatus()).isEqualTo(403);
		assertThat(filter(null, request).getStatus()).isEqualTo(403);
	}

	@Test
	void whatThePageItselfSendsPasses() throws Exception {
		MockHttpServletRequest request = request("POST", "localhost");
		request.addHeader("Origin", "http://localhost:8080");
		assertThat(filter("127.0.0.1", request).getStatus()).isEqualTo(200);
	}

	@Test
	void nobodyMayShowThePageInsideOfAnother() throws Exception {
		assertThat(filter("127.0.0.1", request("GET", "localhost")).getHeader("Content-Security-Policy"))
			.isEqualTo("frame-ancestors 'none'");
	}

	private static MockHttpServletRequest request(String method, String host) {
		MockHttpServletRequest request = new MockHttpServletRequest(method, "/");
		request.setServerName(host);
		request.setServerPort(8080);
		return request;
	}

	private static MockHttpServletResponse filter(@Nullable String address, MockHttpServletRequest request)
			throws Exception {
		ServerProperties server = new ServerProperties();
		server.setAddress((address != null) ? InetAddress.getByName(address) : null);
		MockHttpServletResponse response = new MockHttpServletResponse();
		MockFilterChain chain = new MockFilterChain();
		new ForeignOriginFilter(server).doFilter(request, response, chain);
		assertThat(chain.getRequest() != null).isEqualTo(response.getStatus() == 200);
		return response;
	}

}
