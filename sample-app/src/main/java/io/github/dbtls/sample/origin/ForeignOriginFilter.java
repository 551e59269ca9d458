package io.github.dbtls.sample.origin;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what pages of other sites send to this one, and to be shown inside of them.
 * What they read they are not given by the browser, unless the name of their site leads
 * to this machine: while the application listens to this machine only, it answers to no
 * other name.
 */
@Component
class ForeignOriginFilter extends OncePerRequestFilter {

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	private static final Pattern THIS_MACHINE = Pattern
		.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?", Pattern.CASE_INSENSITIVE);

	private final boolean local;

	ForeignOriginFilter(ServerProperties server) {
		InetAddress address = server.getAddress();
		this.local = address != null && address.isLoopbackAddress();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		// The element of the page that says the rest cannot say this.
		response.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
		if (this.local && !THIS_MACHINE.matcher(request.getServerName()).matches()) {
			response.sendError(HttpStatus.FORBIDDEN.value(), "This application is at localhost only");
			return;
		}
		if (!READING.contains(request.getMethod()) && CorsUtils.isCorsRequest(request)) {
			response.sendError(HttpStatus.FORBIDDEN.value(), "A page of another site cannot act here");
			return;
		}
		chain.doFilter(request, response);
	}

}
