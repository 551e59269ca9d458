package io.github.dbtls.sample.origin;

import java.io.IOException;
import java.util.Set;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what pages of other sites send to this one. Reading is harmless, as browsers do
 * not show them the answer.
 */
@Component
class ForeignOriginFilter extends OncePerRequestFilter {

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (!READING.contains(request.getMethod()) && CorsUtils.isCorsRequest(request)) {
			response.sendError(HttpStatus.FORBIDDEN.value(), "A page of another site cannot act here");
			return;
		}
		chain.doFilter(request, response);
	}

}
