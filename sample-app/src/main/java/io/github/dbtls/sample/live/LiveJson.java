package io.github.dbtls.sample.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the state as the page reads it: what is not known is left out.
 */
final class LiveJson {

	private final JsonMapper mapper;

	LiveJson(JsonMapper mapper) {
		this.mapper = mapper.rebuild()
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
			.build();
	}

	String write(LiveState state) {
		return this.mapper.writeValueAsString(state);
	}

}
