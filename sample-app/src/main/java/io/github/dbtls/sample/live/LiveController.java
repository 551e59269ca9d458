package io.github.dbtls.sample.live;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells what goes on, once or all the time.
 */
@RestController
class LiveController {

	private final LiveCollector collector;

	private final LiveStreams streams;

	LiveController(LiveCollector collector, LiveStreams streams) {
		this.collector = collector;
		this.streams = streams;
	}

	@GetMapping("/live")
	ResponseEntity<SseEmitter> stream() {
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(this.streams.open(this.collector::json));
	}

	@GetMapping("/live/state")
	ResponseEntity<String> state() {
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.APPLICATION_JSON)
			.body(this.collector.json());
	}

}
